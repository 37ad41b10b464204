import { Migration } from '@mikro-orm/migrations';

export class Migration20261122173000_key_rotation extends Migration {
  override name = 'Migration20261122173000_key_rotation';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "signing_keys" add "signs_from" timestamptz null, add "verifies_until" timestamptz null, add "dropped_at" timestamptz null, alter column "sealed_private_jwk" drop not null;`,
    );
    this.addSql(`update "signing_keys" set "signs_from" = "created_at";`);
    this.addSql(`alter table "signing_keys" alter column "signs_from" set not null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`delete from "signing_keys" where "sealed_private_jwk" is null;`);
    this.addSql(
      `alter table "signing_keys" drop column "signs_from", drop column "verifies_until", drop column "dropped_at", alter column "sealed_private_jwk" set not null;`,
    );
  }
}
