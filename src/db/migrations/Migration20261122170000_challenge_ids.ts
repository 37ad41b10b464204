import { Migration } from '@mikro-orm/migrations';

export class Migration20261122170000_challenge_ids extends Migration {
  override name = 'Migration20261122170000_challenge_ids';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "redeemed_challenges" alter column "id" type varchar(49) using "id"::text;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`delete from "redeemed_challenges" where "id" !~ '^[0-9a-f-]{36}$';`);
    this.addSql(`alter table "redeemed_challenges" alter column "id" type uuid using "id"::uuid;`);
  }
}
