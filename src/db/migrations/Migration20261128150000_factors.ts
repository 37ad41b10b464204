import { Migration } from '@mikro-orm/migrations';

export class Migration20261128150000_factors extends Migration {
  override name = 'Migration20261128150000_factors';

  override up(): void | Promise<void> {
    for (const sql of [
      `alter table "accounts" add "factors_since" timestamptz null;`,
      `create table "totp_factors" ("account_id" uuid not null primary key references "accounts" ("id") on delete cascade, "sealed_secret" text null, "confirmed_at" timestamptz null, "last_step" int not null default 0, "sealed_new_secret" text null, "new_secret_session" uuid null, "new_secret_until" timestamptz null);`,
      `create table "recovery_codes" ("account_id" uuid not null references "accounts" ("id") on delete cascade, "hash" varchar(43) not null, "created_at" timestamptz not null, "used_at" timestamptz null, primary key ("account_id", "hash"));`,
      `create table "factor_changes" ("id" bigint generated always as identity primary key, "account_id" uuid not null references "accounts" ("id") on delete cascade, "step" varchar(15) not null, "secret_hash" varchar(43) not null unique, "requested_by" varchar(64) not null, "created_at" timestamptz not null, "due_at" timestamptz not null, "ended_at" timestamptz null);`,
      `create index "factor_changes_account" on "factor_changes" ("account_id");`,
      `create index "factor_changes_age" on "factor_changes" ("created_at");`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    for (const table of ['factor_changes', 'recovery_codes', 'totp_factors']) {
      this.addSql(`drop table "${table}";`);
    }
    this.addSql(`alter table "accounts" drop column "factors_since";`);
  }
}
