import { Migration } from '@mikro-orm/migrations';

export class Migration20261128150000_passkeys extends Migration {
  override name = 'Migration20261128150000_passkeys';

  override up(): void | Promise<void> {
    this.addSql(`alter table "accounts" add "webauthn_user_handle" varchar(86) null;`);
    this.addSql(
      `create table "passkeys" ("id" uuid not null, "account_id" uuid not null, "credential_id" varchar(1364) not null, "public_key" text not null, "sign_count" bigint not null, "backup_eligible" boolean not null, "backed_up" boolean not null, "transports" text[] not null, "aaguid" uuid not null, "name" varchar(100) not null, "created_at" timestamptz not null, "last_used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "passkeys" add constraint "passkeys_credential_id_unique" unique ("credential_id");`,
    );
    this.addSql(`create index "passkeys_account_id_index" on "passkeys" ("account_id");`);
    this.addSql(
      `alter table "passkeys" add constraint "passkeys_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "passkeys" cascade;`);
    this.addSql(`alter table "accounts" drop column "webauthn_user_handle";`);
  }
}
