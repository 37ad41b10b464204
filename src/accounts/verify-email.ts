import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import { type AccountRow, createAccount } from './account-statements.ts';
import type { FoundAddress } from './find-address.ts';
import { lockAccount } from './lock-account.ts';
import { hasFingerprint } from './password-fingerprint.ts';
import { applyRegistration, maySignUpByCode } from './registration.ts';

/**
 * Locks an account and verifies its address. Creates the account if there is none and `OTP_SIGNUP`
 * allows it. The code of a registration sets its password and names. Any other code keeps an earlier
 * password only if its caller knows it, as the fingerprint shows: an unknown client may have set it.
 * The caller saves the account.
 *
 * @param hasAccount whether there was an account before the transaction
 * @returns the account, and whether the address was not verified before
 */
export async function verifyEmail(
  tx: Transaction,
  { email, hasAccount }: Pick<FoundAddress, 'email' | 'hasAccount'>,
  shown: Pick<Challenge, 'generation' | 'passwordFingerprint' | 'registration'>,
): Promise<{ account: AccountRow; isFirst: boolean } | undefined> {
  // A concurrent request may create or delete the account in between.
  const now = tx.clock.now();
  let account = hasAccount ? await lockAccount(tx, email) : undefined;
  const created = account ? undefined : await signUp(tx, email, shown.generation, now);
  account ??= created ?? (await lockAccount(tx, email));
  if (account?.challengeGeneration !== shown.generation) return undefined;
  if (account.emailVerifiedAt && !created) return { account, isFirst: false };
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

/** Creates an account with a verified address, unless a concurrent sign-up has done so. */
async function signUp(
  tx: Transaction,
  email: string,
  generation: number,
  now: Date,
): Promise<AccountRow | undefined> {
  // The code of an account that has just left the address does not verify a new one.
  if (generation > 0 || !maySignUpByCode(tx.config, email)) return undefined;
  const [created] = await tx.sql.query(createAccount, [tx.newId(now), email, now, now]);
  return created;
}
