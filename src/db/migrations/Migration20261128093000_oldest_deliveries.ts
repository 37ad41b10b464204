import { Migration } from '@mikro-orm/migrations';

export class Migration20261128093000_oldest_deliveries extends Migration {
  override name = 'Migration20261128093000_oldest_deliveries';

  override up(): void | Promise<void> {
    this.addSql(`drop index "webhook_deliveries_oldest";`);
    this.addSql(
      `create index "webhook_deliveries_oldest" on "webhook_deliveries" (webhook_id, created_at) where status = 'PENDING';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "webhook_deliveries_oldest";`);
    this.addSql(
      `create index "webhook_deliveries_oldest" on "webhook_deliveries" (created_at) where status = 'PENDING';`,
    );
  }
}
