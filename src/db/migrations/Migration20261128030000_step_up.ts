import { Migration } from '@mikro-orm/migrations';

export class Migration20261128030000_step_up extends Migration {
  override name = 'Migration20261128030000_step_up';

  override up(): void | Promise<void> {
    this.addSql(`alter table "sessions" add "stepped_up_at" timestamptz null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "sessions" drop column "stepped_up_at";`);
  }
}
