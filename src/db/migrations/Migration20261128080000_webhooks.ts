import { Migration } from '@mikro-orm/migrations';

export class Migration20261128080000_webhooks extends Migration {
  override name = 'Migration20261128080000_webhooks';

  override up(): void | Promise<void> {
    for (const sql of [
      `create table "webhooks" ("id" uuid not null, "url" varchar(2000) not null, "description" varchar(200) not null, "events" text[] not null, "sealed_secret" text null, "sealed_previous_secret" text null, "previous_until" timestamptz null, "created_at" timestamptz not null, "failing_since" timestamptz null, "disabled_at" timestamptz null, "deleted_at" timestamptz null, primary key ("id"));`,
      `create table "webhook_deliveries" ("id" uuid not null, "webhook_id" uuid not null, "event_id" uuid not null, "type" varchar(48) not null, "status" text not null default 'PENDING', "attempts" int not null default 0, "created_at" timestamptz not null default now(), "due_at" timestamptz not null default now(), "retry_until" timestamptz not null, "attempted_at" timestamptz null, "ended_at" timestamptz null, "last_error" varchar(64) null, primary key ("id"));`,
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_webhook_id_event_id_type_unique" unique ("webhook_id", "event_id", "type");`,
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_status_check" check ("status" in ('PENDING', 'DELIVERED', 'FAILED'));`,
      `create index "webhook_deliveries_webhook_id_status_event_id_type_index" on "webhook_deliveries" ("webhook_id", "status", "event_id", "type");`,
      `create index "webhook_deliveries_waiting" on "webhook_deliveries" (webhook_id, due_at) where status = 'PENDING';`,
      `create index "webhook_deliveries_oldest" on "webhook_deliveries" (created_at) where status = 'PENDING';`,
      `create index "webhook_deliveries_ended" on "webhook_deliveries" (status, ended_at) where status <> 'PENDING';`,
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_webhook_id_foreign" foreign key ("webhook_id") references "webhooks" ("id");`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table "webhook_deliveries";`);
    this.addSql(`drop table "webhooks";`);
  }
}
