import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import { type AccountRow, lockOrCreateAccount } from './account-statements.ts';
import { lockAccount } from './lock-account.ts';
import { hasFingerprint } from './password-fingerprint.ts';
import { applyRegistration, maySignUpByCode } from './registration.ts';

/**
 * Marks a challenge as redeemed, locks the account and verifies its address. Creates the account if
 * there is none and `OTP_SIGNUP` allows it. The code of a registration sets its password and names.
 * Any other code keeps an earlier password only if its caller knows it, as the fingerprint shows: an
 * unknown client may have set it. The caller saves the account.
 *
 * @returns the account, and whether the address was not verified before
 */
export async function verifyEmail(
  tx: Transaction,
  email: string,
  shown: Pick<Challenge, 'id' | 'generation' | 'passwordFingerprint' | 'registration'>,
): Promise<{ account: AccountRow; isFirst: boolean } | undefined> {
  const now = tx.clock.now();
  const newId = tx.newId(now);
  // The code of an account that has just left the address does not verify a new one.
  const maySignUp = shown.generation === 0 && maySignUpByCode(tx.config, email);
  const values = [shown.id, now, email, newId, maySignUp];
  const [entered] = await tx.sql.query(lockOrCreateAccount, values);
  // A concurrent request may have created the account in between.
  const account = entered ?? (await lockAccount(tx, email));
  if (account?.challengeGeneration !== shown.generation) return undefined;
  if (account.emailVerifiedAt && account.id !== newId) return { account, isFirst: false };
  const { passwordHash } = account;
  if (shown.registration !== null) {
    markVerified(account, now);
    applyRegistration(tx.sealer, account, shown.registration);
  } else if (!passwordHash || hasFingerprint(passwordHash, shown.passwordFingerprint)) {
    account.emailVerifiedAt = now;
  } else {
    markVerified(account, now);
    await enqueueMail(tx, account, { about: 'PASSWORD_DROPPED' });
  }
  return { account, isFirst: true };
}

/**
 * Verifies an address and removes the password and names that were set before.
 * @returns false if it was already verified
 */
export function markVerified(account: AccountRow, now: Date): boolean {
  if (account.emailVerifiedAt) return false;
  const nothing = { passwordHash: null, firstName: null, lastName: null };
  Object.assign(account, { emailVerifiedAt: now, ...nothing });
  return true;
}
