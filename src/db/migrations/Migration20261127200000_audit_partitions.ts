import { Migration } from '@mikro-orm/migrations';

/** Months to create ahead. Later ones are created by the workers. */
const AHEAD = 3;

/** Existing indexes, which become those of the first partition. */
const indexes = {
  email_id: '"email", "id"',
  event_id: '"event", "id"',
  email_event_id: '"email", "event", "id"',
} as const;

/** SQL of 16 random bytes. A random UUID has seven at its end; its other bytes contain a version. */
const seven = 'substring(uuid_send(gen_random_uuid()) from 10)';
const SALT = `${seven} || ${seven} || substring(uuid_send(gen_random_uuid()) from 15)`;

const columns = `"id" uuid not null, "event" varchar(32) not null, "email" varchar(254) not null, "ip_address" varchar(45) not null, "user_agent" varchar(512) not null, "metadata" jsonb not null, "created_at" timestamptz not null`;

/**
 * Partitions the audit log by month. The existing table becomes the first partition, which needs one
 * scan and no copy.
 */
export class Migration20261127200000_audit_partitions extends Migration {
  override name = 'Migration20261127200000_audit_partitions';

  override async up(): Promise<void> {
    await this.execute('lock table "audit_events" in access exclusive mode');
    const [found] = await this.execute(
      `select now()::timestamptz(0)::text as now, exists (select from "audit_events") as filled`,
    );
    // An existing log keeps the rows of this month too.
    const months = monthsFrom(String(found?.now), found?.filled ? 1 : 0);
    const first = idAt(months[0]);
    this.addSql(`alter table "audit_events" rename to "audit_events_before";`);
    this.addSql(
      `alter table "audit_events_before" rename constraint "audit_events_pkey" to "audit_events_before_pkey";`,
    );
    for (const name of Object.keys(indexes)) {
      this.addSql(
        `alter index "audit_events_${name}_index" rename to "audit_events_before_${name}_index";`,
      );
    }
    this.addSql(
      `alter table "audit_events_before" add "account_id" uuid null, add "salt" bytea null;`,
    );
    this.addSql(
      `create table "audit_events" (${columns}, "account_id" uuid null, "salt" bytea null default ${SALT}, primary key ("id")) partition by range ("id");`,
    );
    for (const [name, of] of Object.entries(indexes)) {
      this.addSql(`create index "audit_events_${name}_index" on "audit_events" (${of});`);
    }
    this.addSql(
      `create index "audit_events_account" on "audit_events" ("account_id", "id", "event") where account_id is not null;`,
    );
    this.addSql(`create table "audit_events_default" partition of "audit_events" default;`);
    for (const [index, month] of months.slice(0, -1).entries()) {
      this.addSql(
        `create table "audit_events_${month.slice(0, 7).replace('-', '_')}" partition of "audit_events" for values from ('${idAt(month)}') to ('${idAt(months[index + 1])}');`,
      );
    }
    // Ids of clocks that were ahead.
    this.addSql(
      `with "late" as (delete from "audit_events_before" where "id" >= '${first}' returning *) insert into "audit_events" select * from "late";`,
    );
    this.addSql(
      `alter table "audit_events" attach partition "audit_events_before" for values from (minvalue) to ('${first}');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "audit_events" rename to "audit_events_parts";`);
    this.addSql(
      `alter table "audit_events_parts" rename constraint "audit_events_pkey" to "audit_events_parts_pkey";`,
    );
    this.addSql(`create table "audit_events" (${columns});`);
    this.addSql(
      `insert into "audit_events" select "id", "event", "email", "ip_address", "user_agent", "metadata", "created_at" from "audit_events_parts";`,
    );
    this.addSql(`drop table "audit_events_parts";`);
    this.addSql(`alter table "audit_events" add primary key ("id");`);
    for (const [name, of] of Object.entries(indexes)) {
      this.addSql(`create index "audit_events_${name}_index" on "audit_events" (${of});`);
    }
  }
}

/** Returns the starts of the months that `AHEAD` covers, and of the month after them (UTC). */
function monthsFrom(now: string, skipped: number): string[] {
  const at = new Date(now);
  const count = AHEAD + 2 - skipped;
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + skipped + index)).toISOString(),
  );
}

/** Returns the smallest UUID of a moment. */
function idAt(moment: string | undefined): string {
  const hex = new Date(moment ?? '').getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
