import { Migration } from '@mikro-orm/migrations';

export class Migration20261128041000_email_changes extends Migration {
  override name = 'Migration20261128041000_email_changes';

  override up(): void | Promise<void> {
    for (const sql of [
      `create table "email_changes" ("id" bigint generated always as identity primary key, "account_id" uuid not null references "accounts" ("id") on delete cascade, "step" varchar(9) not null, "old_email" varchar(254) not null, "new_email" varchar(254) not null, "undo_hash" varchar(43) null unique, "session_id" uuid null, "generation" int null, "created_at" timestamptz not null, "ended_at" timestamptz null);`,
      `create index "email_changes_account" on "email_changes" ("account_id");`,
      `create index "email_changes_old_email" on "email_changes" ("old_email");`,
      `create index "email_changes_age" on "email_changes" ("created_at");`,
      `alter table "erasures" drop constraint "erasures_pkey", add primary key ("account_id", "email");`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    this.addSql(
      `delete from "erasures" e using "erasures" o where e.account_id = o.account_id and e.email < o.email;`,
    );
    this.addSql(
      `alter table "erasures" drop constraint "erasures_pkey", add primary key ("account_id");`,
    );
    this.addSql(`drop table "email_changes";`);
  }
}
