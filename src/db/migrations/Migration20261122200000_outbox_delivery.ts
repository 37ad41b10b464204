import { Migration } from '@mikro-orm/migrations';

export class Migration20261122200000_outbox_delivery extends Migration {
  override name = 'Migration20261122200000_outbox_delivery';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "outbox_entries" add "expires_at" timestamptz null, add "last_error" varchar(64) null, add "idempotency_key" varchar(43) null;`,
    );
    this.addSql(
      `create unique index "outbox_entries_idempotency_key" on "outbox_entries" (idempotency_key) where idempotency_key is not null;`,
    );
    this.addSql(`alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`);
    this.addSql(
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP', 'POISONED'));`,
    );
    this.addSql(`drop index "outbox_entries_failed";`);
    this.addSql(
      `create index "outbox_entries_failed" on "outbox_entries" (done_at) where outcome in ('REFUSED', 'GIVEN_UP', 'POISONED');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "outbox_entries_failed";`);
    this.addSql(
      `create index "outbox_entries_failed" on "outbox_entries" (done_at) where outcome in ('REFUSED', 'GIVEN_UP');`,
    );
    this.addSql(
      `update "outbox_entries" set "outcome" = 'GIVEN_UP' where "outcome" = 'POISONED' and "kind" = 'mail';`,
    );
    this.addSql(
      `update "outbox_entries" set "outcome" = null, "done_at" = null where "outcome" = 'POISONED';`,
    );
    this.addSql(`alter table "outbox_entries" drop constraint "outbox_entries_outcome_check";`);
    this.addSql(
      `alter table "outbox_entries" add constraint "outbox_entries_outcome_check" check ("outcome" in ('DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP'));`,
    );
    this.addSql(`drop index "outbox_entries_idempotency_key";`);
    this.addSql(
      `alter table "outbox_entries" drop column "expires_at", drop column "last_error", drop column "idempotency_key";`,
    );
  }
}
