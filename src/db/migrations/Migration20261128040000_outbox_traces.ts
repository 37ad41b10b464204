import { Migration } from '@mikro-orm/migrations';

export class Migration20261128040000_outbox_traces extends Migration {
  override name = 'Migration20261128040000_outbox_traces';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "outbox_entries" add "request_id" varchar(64) null, add "traceparent" varchar(55) null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(
      `alter table "outbox_entries" drop column "request_id", drop column "traceparent";`,
    );
  }
}
