import type { FactorKind } from '../ports/factor-kind.ts';
import type { Sealer } from '../ports/sealer.ts';
import { findStep } from './totp-codes.ts';
import { deleteTotp, findTotp, spendStep } from './totp-statements.ts';

/** Returns the label under which the secret of an account is encrypted. */
export const totpLabel = (accountId: string): string => `totp ${accountId}`;

/** Encrypts the secret of an authenticator app of an account. */
export const sealTotp = (sealer: Sealer, accountId: string, secret: Buffer): string =>
  sealer.seal(totpLabel(accountId), secret.toString('base64url'));

/** Decrypts the secret of an authenticator app of an account. */
export const openTotp = (sealer: Sealer, accountId: string, sealed: string): Buffer =>
  Buffer.from(sealer.open(totpLabel(accountId), sealed), 'base64url');

/** Creates the kind of authenticator apps (RFC 6238). A code also spends all earlier ones. */
export const createTotpKind = (sealer: Sealer): FactorKind => ({
  name: 'TOTP',
  amr: ['otp'],
  isBackup: false,
  isGuessable: true,
  isEnrolled: async (sql, accountId) => (await sql.query(findTotp, [accountId])).length > 0,
  async verify({ sql, clock }, accountId, { value }) {
    const [found] = await sql.query(findTotp, [accountId]);
    if (!found) return { isRight: false };
    const secret = openTotp(sealer, accountId, found.sealedSecret);
    const step = findStep(secret, String(value), clock.now());
    if (step === undefined) return { isRight: false };
    return { isRight: (await sql.query(spendStep, [accountId, step])).length > 0 };
  },
  async remove(sql, accountId, since) {
    const removed = await sql.query(deleteTotp, [accountId, since]);
    return removed.filter(({ isConfirmed }) => isConfirmed).map(() => ({}));
  },
});
