import { Migration } from '@mikro-orm/migrations';

export class Migration20261122145753_rotation_and_audit_indexes extends Migration {
  override name = 'Migration20261122145753_rotation_and_audit_indexes';

  override up(): void | Promise<void> {
    this.addSql(`alter table "accounts" add "challenge_epoch" int not null default 0;`);
    this.addSql(`create index "audit_events_email_id_index" on "audit_events" ("email", "id");`);
    this.addSql(`create index "audit_events_event_id_index" on "audit_events" ("event", "id");`);
    this.addSql(
      `create index "audit_events_email_event_id_index" on "audit_events" ("email", "event", "id");`,
    );
    this.addSql(`alter table "sessions" add "parent_token_hash" varchar(43) null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "accounts" drop column "challenge_epoch";`);
    this.addSql(`drop index "audit_events_email_id_index";`);
    this.addSql(`drop index "audit_events_event_id_index";`);
    this.addSql(`drop index "audit_events_email_event_id_index";`);
    this.addSql(`alter table "sessions" drop column "parent_token_hash";`);
  }
}
