import { Migration } from '@mikro-orm/migrations';

export class Migration20261122174000_scheduled_work extends Migration {
  override name = 'Migration20261122174000_scheduled_work';

  override up(): void | Promise<void> {
    for (const sql of [
      `create table "scheduled_work" ("name" varchar(64) not null, "due_at" timestamptz not null, "leased_until" timestamptz null, primary key ("name"));`,
      `create index "sessions_end" on "sessions" (least(ended_at, idle_expires_at));`,
      `create index "accounts_unproven" on "accounts" (created_at) where email_verified_at is null;`,
      `create index "redeemed_challenges_redeemed_at_index" on "redeemed_challenges" ("redeemed_at");`,
      `alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`,
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP'));`,
      `create index "outbox_entries_handled" on "outbox_entries" (done_at) where outcome in ('DELIVERED', 'DROPPED');`,
      `create index "outbox_entries_failed" on "outbox_entries" (done_at) where outcome in ('REFUSED', 'GIVEN_UP');`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    for (const sql of [
      `drop table if exists "scheduled_work" cascade;`,
      `drop index "sessions_end";`,
      `drop index "accounts_unproven";`,
      `drop index "redeemed_challenges_redeemed_at_index";`,
      `drop index "outbox_entries_handled";`,
      `drop index "outbox_entries_failed";`,
      `update "outbox_entries" set "outcome" = 'DROPPED' where "outcome" = 'GIVEN_UP';`,
      `alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`,
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED'));`,
    ]) {
      this.addSql(sql);
    }
  }
}
