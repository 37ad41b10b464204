import { hash, randomBytes } from 'node:crypto';
import type { FactorKind } from '../ports/factor-kind.ts';
import type { Sql, Statement } from '../ports/sql.ts';
import { base32 } from './totp-codes.ts';

/** Number of recovery codes that an account gets. */
const COUNT = 10;
/** Bytes of a code: 120 bits, so that a fast hash suffices (ASVS 5.0 6.5.2 asks for 112). */
const LENGTH = 15;

const hashOf = (code: string): string => hash('sha256', code, 'base64url');

const insertCodes: Statement = {
  name: 'insert-recovery-codes',
  text: `insert into recovery_codes (account_id, hash, created_at)
    select $1::uuid, unnest($2::varchar[]), $3::timestamptz`,
};

/** Deletes the codes of an account; only those made from a time on, if `$2` is given. */
const deleteCodes: Statement = {
  name: 'delete-recovery-codes',
  text: `delete from recovery_codes
    where account_id = $1 and ($2::timestamptz is null or created_at >= $2)`,
};

const countCodes: Statement<{ left: number }> = {
  name: 'count-recovery-codes',
  text: `select count(*)::int as left from recovery_codes
    where account_id = $1 and used_at is null`,
};

/** Spends a code. No row if it is none, or was used. Values: account, hash, now. */
const spendCode: Statement<{ hash: string }> = {
  name: 'spend-recovery-code',
  text: `update recovery_codes set used_at = $3
    where account_id = $1 and hash = $2 and used_at is null returning hash`,
};

/** Returns how many unused recovery codes an account has. */
export async function countRecoveryCodes(sql: Sql, accountId: string): Promise<number> {
  const [row] = await sql.query(countCodes, [accountId]);
  return row?.left ?? 0;
}

/** Replaces the recovery codes of a locked account. @returns the codes, which are stored nowhere */
export async function replaceRecoveryCodes(sql: Sql, accountId: string, now: Date) {
  const codes = Array.from({ length: COUNT }, () => base32(randomBytes(LENGTH)).toLowerCase());
  await sql.query(deleteCodes, [accountId, null]);
  await sql.query(insertCodes, [accountId, codes.map(hashOf), now]);
  return codes.map((code) => (code.match(/.{4}/g) ?? []).join('-'));
}

/** Recovery codes, each of which stands in for a lost factor once. */
export const recoveryCodeKind: FactorKind = {
  name: 'RECOVERY_CODE',
  amr: ['otp'],
  isBackup: true,
  isGuessable: false,
  isEnrolled: async (sql, accountId) => (await countRecoveryCodes(sql, accountId)) > 0,
  async verify({ sql, clock }, accountId, { value }) {
    const values = [accountId, hashOf(String(value)), clock.now()];
    return { isRight: (await sql.query(spendCode, values)).length > 0 };
  },
  async remove(sql, accountId, since) {
    await sql.query(deleteCodes, [accountId, since]);
    return [];
  },
};
