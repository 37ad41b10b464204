import { Migration } from '@mikro-orm/migrations';

export class Migration20261122200000_outbox_delivery extends Migration {
  override name = 'Migration20261122200000_outbox_delivery';

  override up(): void | Promise<void> {
    for (const sql of [
      `alter table "outbox_entries" add "expires_at" timestamptz null, add "last_error" varchar(64) null, add "idempotency_key" varchar(43) null;`,
      `create unique index "outbox_entries_idempotency_key" on "outbox_entries" (idempotency_key) where idempotency_key is not null;`,
      `alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`,
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP', 'POISONED'));`,
      `drop index "outbox_entries_failed";`,
      `create index "outbox_entries_failed" on "outbox_entries" (done_at) where outcome in ('REFUSED', 'GIVEN_UP', 'POISONED');`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    for (const sql of [
      `drop index "outbox_entries_failed";`,
      `create index "outbox_entries_failed" on "outbox_entries" (done_at) where outcome in ('REFUSED', 'GIVEN_UP');`,
      `update "outbox_entries" set "outcome" = 'GIVEN_UP' where "outcome" = 'POISONED' and "kind" = 'mail';`,
      `update "outbox_entries" set "outcome" = null, "done_at" = null where "outcome" = 'POISONED';`,
      `alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`,
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP'));`,
      `drop index "outbox_entries_idempotency_key";`,
      `alter table "outbox_entries" drop column "expires_at", drop column "last_error", drop column "idempotency_key";`,
    ]) {
      this.addSql(sql);
    }
  }
}
