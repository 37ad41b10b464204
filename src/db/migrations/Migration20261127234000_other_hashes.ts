import { Migration } from '@mikro-orm/migrations';

/**
 * Finds hashes of other systems and of earlier parameters. Builds its index while servers of the
 * former release write accounts. Safe to run again.
 */
export class Migration20261127234000_other_hashes extends Migration {
  override name = 'Migration20261127234000_other_hashes';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void | Promise<void> {
    this.addSql(`drop index concurrently if exists "accounts_other_hashes";`);
    this.addSql(
      String.raw`create index concurrently "accounts_other_hashes" on "accounts" (password_hash collate "C") where password_hash !~ '^\$argon2id\$v=19\$m=19456,(t=2,p=1|p=1,t=2)\$';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "accounts_other_hashes";`);
  }
}
