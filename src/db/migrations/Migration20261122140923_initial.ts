import { Migration } from '@mikro-orm/migrations';

export class Migration20261122140923_initial extends Migration {
  override name = 'Migration20261122140923_initial';

  override up(): void | Promise<void> {
    for (const sql of [
      `create table "accounts" ("id" uuid not null, "email" varchar(254) not null, "email_verified_at" timestamptz null, "password_hash" text null, "first_name" varchar(150) null, "last_name" varchar(150) null, "role" text not null default 'USER', "created_at" timestamptz not null, "last_login_at" timestamptz null, primary key ("id"));`,
      `alter table "accounts" add constraint "accounts_email_unique" unique ("email");`,
      `create table "audit_events" ("id" uuid not null, "event" varchar(32) not null, "email" varchar(254) not null, "ip_address" varchar(45) not null, "user_agent" varchar(512) not null, "metadata" jsonb not null, "created_at" timestamptz not null, primary key ("id"));`,
      `create table "outbox_entries" ("id" uuid not null, "kind" text not null, "payload" text null, "created_at" timestamptz not null, "due_at" timestamptz not null default now(), "attempts" int not null default 0, "done_at" timestamptz null, "outcome" text null, primary key ("id"));`,
      `create index "outbox_entries_waiting" on "outbox_entries" (kind, due_at) where done_at is null;`,
      `create table "redeemed_challenges" ("id" uuid not null, "redeemed_at" timestamptz not null, primary key ("id"));`,
      `create table "sessions" ("id" uuid not null, "account_id" uuid not null, "live_token_hash" varchar(43) not null, "created_at" timestamptz not null, "last_used_at" timestamptz not null, "idle_expires_at" timestamptz not null, "expires_at" timestamptz not null, "ended_at" timestamptz null, "ip_address" varchar(45) not null, "client" varchar(64) not null, "user_agent" varchar(512) not null, primary key ("id"));`,
      `create index "sessions_account_id_index" on "sessions" ("account_id");`,
      `alter table "sessions" add constraint "sessions_live_token_hash_unique" unique ("live_token_hash");`,
      `create table "signing_keys" ("kid" varchar(43) not null, "public_jwk" jsonb not null, "sealed_private_jwk" text not null, "created_at" timestamptz not null, primary key ("kid"));`,
      `alter table "accounts" add constraint "accounts_role_check" check ("role" in ('USER', 'ADMIN'));`,
      `alter table "outbox_entries" add constraint "outbox_entries_kind_check" check ("kind" in ('mail', 'audit'));`,
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED'));`,
      `alter table "sessions" add constraint "sessions_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade;`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    for (const sql of [
      `alter table "sessions" drop constraint "sessions_account_id_foreign";`,
      `drop table if exists "accounts" cascade;`,
      `drop table if exists "audit_events" cascade;`,
      `drop table if exists "outbox_entries" cascade;`,
      `drop table if exists "redeemed_challenges" cascade;`,
      `drop table if exists "sessions" cascade;`,
      `drop table if exists "signing_keys" cascade;`,
    ]) {
      this.addSql(sql);
    }
  }
}
