import { Migration } from '@mikro-orm/migrations';

/**
 * Adds the chain of seals. A trigger queues each new row, so that rows of workers of the former
 * release are sealed too.
 */
export class Migration20261128010000_audit_seals extends Migration {
  override name = 'Migration20261128010000_audit_seals';

  override up(): void | Promise<void> {
    this.addSql(`create table "audit_unsealed" ("id" uuid primary key);`);
    this.addSql(
      `create table "audit_seals" ("number" bigint primary key, "kind" varchar(8) not null, "sealed_at" timestamptz not null, "bound" timestamptz null, "newest" timestamptz null, "ids" uuid[] null, "digests" bytea null, "content" bytea not null, "digest" bytea not null, "key_id" varchar(16) not null, "signature" bytea not null);`,
    );
    // Random bytes: compression would only slow down reading.
    this.addSql(`alter table "audit_seals" alter "digests" set storage external;`);
    this.addSql(`alter table "audit_events" add "erased_digest" bytea null;`);
    this.addSql(
      `create function "queue_audit_events"() returns trigger language plpgsql as $$ begin insert into "audit_unsealed" ("id") select "id" from "added" on conflict do nothing; return null; end $$;`,
    );
    this.addSql(
      `create trigger "audit_events_added" after insert on "audit_events" referencing new table as "added" for each statement execute function "queue_audit_events"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger "audit_events_added" on "audit_events";`);
    this.addSql(`drop function "queue_audit_events"();`);
    this.addSql(`alter table "audit_events" drop column "erased_digest";`);
    this.addSql(`drop table "audit_seals", "audit_unsealed";`);
  }
}
