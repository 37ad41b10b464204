import { Migration } from '@mikro-orm/migrations';

export class Migration20261128070000_account_locale extends Migration {
  override name = 'Migration20261128070000_account_locale';

  override up(): void | Promise<void> {
    this.addSql(`alter table "accounts" add "locale" varchar(35) null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "accounts" drop column "locale";`);
  }
}
