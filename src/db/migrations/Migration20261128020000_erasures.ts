import { Migration } from '@mikro-orm/migrations';

export class Migration20261128020000_erasures extends Migration {
  override name = 'Migration20261128020000_erasures';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "erasures" ("account_id" uuid not null, "email" varchar(254) not null, "requested_at" timestamptz not null, primary key ("account_id"));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "erasures" cascade;`);
  }
}
