import type { AccountRow } from '../accounts/account-statements.ts';
import { type FactorChallenge, mfaRequired } from '../errors/auth-error.ts';
import { enrolledFactors } from '../factors/enrolled-factors.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge, CodeAttempt } from '../ports/challenge-store.ts';

/** No client sends it: the store compares it with itself, to spend the challenge atomically. */
const CODE = 'factor';

/** A sign-in that waits for a factor. */
export class PendingSignIn {
  readonly challenge: FactorChallenge;

  constructor(challenge: FactorChallenge) {
    this.challenge = challenge;
  }

  reject(offer: Pick<FactorChallenge, 'trustDeviceDays'>): never {
    throw mfaRequired({ ...this.challenge, ...offer });
  }
}

/**
 * Opens the challenge of a sign-in whose code was right. It lives as long as a code, and ends with
 * the codes of the account. Redis comes last: without the commit, nobody learns the id.
 *
 * @param first the redeemed code; with a password fingerprint only if the client knows the password
 */
export async function openFactorChallenge(
  tx: Transaction,
  { id, email, challengeGeneration: generation }: AccountRow,
  first: Pick<Challenge, 'passwordFingerprint'>,
  known: boolean,
): Promise<PendingSignIn> {
  const created = tx.codes.create({
    purpose: 'FACTOR',
    address: email,
    known,
    decoy: false,
    client: tx.client.prefix,
    passwordFingerprint: first.passwordFingerprint,
    registration: null,
    generation,
    sessionId: null,
  });
  const factors = await enrolledFactors(tx, id);
  await tx.codes.issue({ ...created, code: CODE }, { address: [], mailbox: [] });
  const challengeId = created.challenge.id;
  return new PendingSignIn({ factors, challengeId, expiresIn: tx.config.otpTtl });
}

/** Returns the attempt that spends a challenge of a sign-in. */
export const factorAttempt = (
  { client }: Pick<Transaction, 'client'>,
  address: string,
  challengeId: string,
  known: boolean,
): CodeAttempt => ({
  ...{ purpose: 'FACTOR', code: CODE, address, challengeId, known },
  client: client.prefix,
});
