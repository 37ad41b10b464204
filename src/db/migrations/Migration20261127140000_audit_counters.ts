import { Migration } from '@mikro-orm/migrations';

export class Migration20261127140000_audit_counters extends Migration {
  override name = 'Migration20261127140000_audit_counters';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_counters" ("email" varchar(254) not null, "hour" timestamptz not null, "failures" int not null, "events" jsonb not null, "clients" jsonb not null, primary key ("email", "hour"));`,
    );
    this.addSql(`create index "audit_counters_hour_index" on "audit_counters" ("hour");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_counters" cascade;`);
  }
}
