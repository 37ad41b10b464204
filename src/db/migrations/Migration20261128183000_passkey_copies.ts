import { Migration } from '@mikro-orm/migrations';

export class Migration20261128183000_passkey_copies extends Migration {
  override name = 'Migration20261128183000_passkey_copies';

  override up(): void | Promise<void> {
    this.addSql(`alter table "passkeys" add "copy_noticed_at" timestamptz null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "passkeys" drop column "copy_noticed_at";`);
  }
}
