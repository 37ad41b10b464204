import { isOtherHash } from '../accounts/account.entity.ts';
import type { Log } from '../ports/logger.ts';
import type { Sql, Statement } from '../ports/sql.ts';

const nextHash: Statement<{ hash: string }> = {
  name: 'next-hash',
  text: `select password_hash as hash from accounts
    where ${isOtherHash} and password_hash collate "C" > $1
    order by password_hash collate "C" limit 1`,
};

/** Finds the first hash after a text, in the order of bytes, whose parameters are not the current ones. */
export async function findNextHash(sql: Sql, after: string): Promise<string | undefined> {
  const [row] = await sql.query(nextHash, [after]);
  return row?.hash;
}

/** Measures the kinds of hashes in the database, as far as it is available. */
export const measureStoredHashes = (
  { sql, log }: { readonly sql: Sql; readonly log: Log },
  measure: (next: (after: string) => Promise<string | undefined>) => Promise<unknown>,
): Promise<unknown> =>
  measure((after) => findNextHash(sql, after)).catch((cause) =>
    log.debug({ cause: String(cause) }, 'Cannot measure password hashes.'),
  );
