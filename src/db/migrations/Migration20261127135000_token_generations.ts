import { Migration } from '@mikro-orm/migrations';

export class Migration20261127135000_token_generations extends Migration {
  override name = 'Migration20261127135000_token_generations';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "sessions" add "generation" int not null default 0, add "older_siblings" jsonb null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "sessions" drop column "generation", drop column "older_siblings";`);
  }
}
