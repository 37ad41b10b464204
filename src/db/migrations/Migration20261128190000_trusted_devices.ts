import { Migration } from '@mikro-orm/migrations';

export class Migration20261128190000_trusted_devices extends Migration {
  override name = 'Migration20261128190000_trusted_devices';

  override up(): void | Promise<void> {
    for (const sql of [
      `create table "trusted_devices" ("id" uuid not null, "account_id" uuid not null, "token_hash" varchar(43) not null, "session_id" uuid not null, "created_at" timestamptz not null, "last_used_at" timestamptz not null, "expires_at" timestamptz not null, "ip_address" varchar(45) not null, "user_agent" varchar(512) not null, primary key ("id"));`,
      `create index "trusted_devices_account_id_index" on "trusted_devices" ("account_id");`,
      `alter table "trusted_devices" add constraint "trusted_devices_token_hash_unique" unique ("token_hash");`,
      `create index "trusted_devices_expires_at_index" on "trusted_devices" ("expires_at");`,
      `alter table "trusted_devices" add constraint "trusted_devices_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade;`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "trusted_devices" cascade;`);
  }
}
