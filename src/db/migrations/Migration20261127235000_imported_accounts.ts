import { Migration } from '@mikro-orm/migrations';

/** Maps ids of other systems to accounts. A deleted account keeps its row, so that no import brings it back. */
export class Migration20261127235000_imported_accounts extends Migration {
  override name = 'Migration20261127235000_imported_accounts';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "imported_accounts" ("source" varchar(64) not null, "external_id" varchar(255) not null, "account_id" uuid null references "accounts" ("id") on delete set null, "imported_at" timestamptz not null, primary key ("source", "external_id"));`,
    );
    this.addSql(
      `create index "imported_accounts_account" on "imported_accounts" ("account_id") where account_id is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table "imported_accounts";`);
  }
}
