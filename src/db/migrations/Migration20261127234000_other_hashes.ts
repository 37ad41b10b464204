import { Migration } from '@mikro-orm/migrations';

/** Finds hashes of other systems and of earlier parameters. */
export class Migration20261127234000_other_hashes extends Migration {
  override name = 'Migration20261127234000_other_hashes';

  override up(): void | Promise<void> {
    this.addSql(
      String.raw`create index "accounts_other_hashes" on "accounts" (password_hash collate "C") where password_hash !~ '^\$argon2id\$v=19\$m=19456,(t=2,p=1|p=1,t=2)\$';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "accounts_other_hashes";`);
  }
}
