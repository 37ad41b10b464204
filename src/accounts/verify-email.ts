import { enqueueMail } from '../outbox/enqueue.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import type { Account } from './account.entity.ts';
import { lockAccount } from './lock-account.ts';
import { maySignUpByCode } from './may-register.ts';
import { passwordFingerprint } from './password-fingerprint.ts';
import { applyRegistration } from './registration.ts';

/**
 * Verifies the e-mail address of an account and keeps the account locked until the transaction
 * ends. Creates the account if there is none and `OTP_SIGNUP` and `REGISTRATION` allow it.
 *
 * Before the first verification, an unknown client may have set the password and names. The code of
 * a registration replaces them with those of the registration. Otherwise they stay only if the
 * owner knows the password, as `passwordFingerprint` shows.
 *
 * @returns undefined if the address has no account and may not get one, or if the account's live
 *   codes have been ended since
 */
export async function verifyEmail(
  tx: Transaction,
  email: string,
  shown: Pick<Challenge, 'generation' | 'passwordFingerprint' | 'registration'>,
): Promise<Account | undefined> {
  const account = (await lockAccount(tx, email)) ?? (await signUp(tx, email));
  if (account?.challengeGeneration !== shown.generation) return undefined;
  if (account.emailVerifiedAt) return account;
  account.emailVerifiedAt = tx.clock.now();
  if (shown.registration !== null) {
    await applyRegistration(tx.sealer, account, shown.registration);
  } else if (
    account.passwordHash &&
    passwordFingerprint(account.passwordHash) !== shown.passwordFingerprint
  ) {
    dropUnverified(account);
    await enqueueMail(tx, email, { about: 'PASSWORD_DROPPED' });
  }
  return account;
}

/** Drops the password and names, which anyone may have set before the address was verified. */
export function dropUnverified(account: Account): void {
  account.passwordHash = null;
  account.firstName = null;
  account.lastName = null;
}

async function signUp(tx: Transaction, email: string): Promise<Account | undefined> {
  if (!maySignUpByCode(tx.config, email)) return undefined;
  const now = tx.clock.now();
  // Concurrent sign-ups: the later one waits here and then finds the row.
  await tx.em.execute(
    `insert into accounts (id, email, role, created_at) values (?, ?, 'USER', ?)
     on conflict (email) do nothing`,
    [tx.newId(now), email, now],
  );
  return lockAccount(tx, email);
}
