import { Migration } from '@mikro-orm/migrations';

export class Migration20261122174000_scheduled_work extends Migration {
  override name = 'Migration20261122174000_scheduled_work';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "scheduled_work" ("name" varchar(64) not null, "due_at" timestamptz not null, "leased_until" timestamptz null, primary key ("name"));`,
    );
    this.addSql(`create index "sessions_end" on "sessions" (least(ended_at, idle_expires_at));`);
    this.addSql(
      `create index "accounts_unproven" on "accounts" (created_at) where email_verified_at is null;`,
    );
    this.addSql(
      `create index "redeemed_challenges_redeemed_at_index" on "redeemed_challenges" ("redeemed_at");`,
    );
    this.addSql(`alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`);
    this.addSql(
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP'));`,
    );
    this.addSql(
      `create index "outbox_entries_handled" on "outbox_entries" (done_at) where outcome in ('DELIVERED', 'DROPPED');`,
    );
    this.addSql(
      `create index "outbox_entries_failed" on "outbox_entries" (done_at) where outcome in ('REFUSED', 'GIVEN_UP');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "scheduled_work" cascade;`);
    this.addSql(`drop index "sessions_end";`);
    this.addSql(`drop index "accounts_unproven";`);
    this.addSql(`drop index "redeemed_challenges_redeemed_at_index";`);
    this.addSql(`drop index "outbox_entries_handled";`);
    this.addSql(`drop index "outbox_entries_failed";`);
    this.addSql(`update "outbox_entries" set "outcome" = 'DROPPED' where "outcome" = 'GIVEN_UP';`);
    this.addSql(`alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`);
    this.addSql(
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED'));`,
    );
  }
}
