import { Migration } from '@mikro-orm/migrations';

export class Migration20261127140000_wrong_passwords extends Migration {
  override name = 'Migration20261127140000_wrong_passwords';

  override up(): void | Promise<void> {
    this.addSql(`alter table "sessions" add column "wrong_passwords" int not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "sessions" drop column "wrong_passwords";`);
  }
}
