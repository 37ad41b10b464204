import { Migration } from '@mikro-orm/migrations';

const status = `case when disabled_at is not null then 'DISABLED' when email_verified_at is null then 'UNVERIFIED' else 'ACTIVE' end`;

/** Builds its indexes while servers of the former release write accounts. Safe to run again. */
export class Migration20261127233000_administration extends Migration {
  override name = 'Migration20261127233000_administration';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void | Promise<void> {
    for (const sql of [
      `alter table "accounts" add column if not exists "disabled_at" timestamptz null, add column if not exists "metadata" jsonb not null default '{}', add column if not exists "provisioned" boolean not null default false;`,
      `drop index concurrently if exists "accounts_list";`,
      `create index concurrently "accounts_list" on "accounts" ("role", (${status}), "created_at", "id");`,
      `drop index concurrently if exists "accounts_search";`,
      `create index concurrently "accounts_search" on "accounts" ("role", (${status}), "email" collate "C", "created_at");`,
    ]) {
      this.addSql(sql);
    }
  }

  override down(): void | Promise<void> {
    for (const sql of [
      `drop index "accounts_list";`,
      `drop index "accounts_search";`,
      `alter table "accounts" drop column "disabled_at", drop column "metadata", drop column "provisioned";`,
    ]) {
      this.addSql(sql);
    }
  }
}
