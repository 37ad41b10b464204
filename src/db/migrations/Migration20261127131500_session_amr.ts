import { Migration } from '@mikro-orm/migrations';

export class Migration20261127131500_session_amr extends Migration {
  override name = 'Migration20261127131500_session_amr';

  override up(): void | Promise<void> {
    // Existing sessions, and those that the previous release still opens, all began with a code.
    this.addSql(`alter table "sessions" add "amr" text[] not null default '{otp}';`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "sessions" drop column "amr";`);
  }
}
