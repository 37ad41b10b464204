import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import type { Account } from './account.entity.ts';
import { lockAccount } from './lock-account.ts';
import { hasFingerprint } from './password-fingerprint.ts';
import { applyRegistration, maySignUpByCode } from './registration.ts';

/**
 * Verifies the address of an account, and creates the account if `OTP_SIGNUP` allows it. The code
 * of a registration sets its password and names. Any other code keeps an earlier password only if
 * its caller knows it, as the fingerprint shows: an unknown client may have set it.
 */
export async function verifyEmail(
  tx: Transaction,
  email: string,
  shown: Pick<Challenge, 'generation' | 'passwordFingerprint' | 'registration'>,
): Promise<Account | undefined> {
  const account = (await lockAccount(tx, email)) ?? (await signUp(tx, email));
  if (account?.challengeGeneration !== shown.generation) return undefined;
  if (account.emailVerifiedAt) return account;
  const now = tx.clock.now();
  const { passwordHash } = account;
  if (shown.registration !== null) {
    markVerified(account, now);
    applyRegistration(tx.sealer, account, shown.registration);
  } else if (!passwordHash || hasFingerprint(passwordHash, shown.passwordFingerprint)) {
    account.emailVerifiedAt = now;
  } else {
    markVerified(account, now);
    await enqueueMail(tx, email, { about: 'PASSWORD_DROPPED' });
  }
  return account;
}

/**
 * Verifies an address and removes the password and names that were set before.
 * @returns false if it was already verified
 */
export function markVerified(account: Account, now: Date): boolean {
  if (account.emailVerifiedAt) return false;
  const nothing = { passwordHash: null, firstName: null, lastName: null };
  Object.assign(account, { emailVerifiedAt: now, ...nothing });
  return true;
}

async function signUp(tx: Transaction, email: string): Promise<Account | undefined> {
  if (!maySignUpByCode(tx.config, email)) return undefined;
  const now = tx.clock.now();
  // A concurrent sign-up waits here and then finds the existing row.
  await tx.em.execute(
    `insert into accounts (id, email, role, created_at) values (?, ?, 'USER', ?)
     on conflict (email) do nothing`,
    [tx.newId(now), email, now],
  );
  return lockAccount(tx, email);
}
