import { Migration } from '@mikro-orm/migrations';

export class Migration20261122190000_known_clients extends Migration {
  override name = 'Migration20261122190000_known_clients';

  override up(): void | Promise<void> {
    this.addSql(`create index "sessions_account_client" on "sessions" ("account_id", "client");`);
    this.addSql(`drop index "sessions_account_id_index";`);
  }

  override down(): void | Promise<void> {
    this.addSql(`create index "sessions_account_id_index" on "sessions" ("account_id");`);
    this.addSql(`drop index "sessions_account_client";`);
  }
}
