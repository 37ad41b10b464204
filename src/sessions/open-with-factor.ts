import { lockAccount } from '../accounts/lock-account.ts';
import { isFirstUse } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import { invalidOtp, WRONG_PROOF } from '../errors/auth-error.ts';
import {
  type GivenFactor,
  methodsWith,
  proveFactor,
  recordProof,
} from '../factors/prove-factor.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import type { FactorOutcome } from '../ports/factor-kind.ts';
import { findDevice } from '../trusted-devices/active-device.ts';
import type { Browser } from '../trusted-devices/device-token.ts';
import { type TrustedBrowser, trustDevice } from '../trusted-devices/trust-device.ts';
import { openSession } from './open-session.ts';
import type { TokenSource } from './token-pair.ts';

/** The proof of a factor, and where it comes from. */
export interface Proof {
  readonly given: GivenFactor;
  /** Undefined outside cookie mode. */
  readonly browser: Browser | undefined;
  /** The browser, if it is to be trusted. */
  readonly toTrust: Browser | undefined;
}

/** A session, or details of a wrong proof. */
export interface Finished {
  readonly done?: TokenSource;
  /** The new cookie, if the browser is trusted from now on. */
  readonly trusted?: TrustedBrowser | undefined;
  readonly details?: FactorOutcome['details'];
}

/** The outcome of a challenge that has ended. */
export const nothing: Finished = {};

/**
 * Opens the session of a sign-in that waited for a factor, unless the proof is wrong or the challenge
 * has ended.
 *
 * @throws AuthError INVALID_OTP if the challenge was used before
 */
export async function openWithFactor(
  tx: Transaction,
  email: string,
  challenge: Challenge,
  { given, browser, toTrust }: Proof,
): Promise<Finished> {
  const account = await lockAccount(tx, email);
  if (account?.challengeGeneration !== challenge.generation) return nothing;
  const place = { challengeId: challenge.id, sessionId: null };
  const { isRight, details, notice } = await proveFactor(tx, account, given, place);
  if (notice) await enqueueMail(tx, account, { about: notice });
  if (!isRight) return { details };
  // Rolls back the proof: otherwise a recovery code would be spent without a session.
  if (!(await isFirstUse(tx, challenge))) throw invalidOtp(WRONG_PROOF);
  const knowsPassword = challenge.passwordFingerprint !== null;
  const methods = methodsWith(knowsPassword ? ['pwd', 'otp'] : ['otp'], given);
  const done = await openSession(tx, account, methods, await findDevice(tx, account, browser));
  const { sessionId } = done;
  const named = { challenge: challengeName(challenge), sessionId, ...details };
  await recordProof(tx, account, given, named);
  const trusted = toTrust && (await trustDevice(tx, account, sessionId, toTrust));
  return { done, trusted };
}
