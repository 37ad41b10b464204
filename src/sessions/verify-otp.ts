import { type FoundAddress, findAddress } from '../accounts/find-address.ts';
import { saveAccount } from '../accounts/lock-account.ts';
import { verifyEmail } from '../accounts/verify-email.ts';
import { record } from '../audit/record.ts';
import { redeemCode } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import { findDevice } from '../trusted-devices/active-device.ts';
import type { Browser } from '../trusted-devices/device-token.ts';
import { offerOf } from '../trusted-devices/trust-device.ts';
import { applyFactorReset } from './apply-factor-reset.ts';
import { openFactorChallenge, PendingSignIn } from './factor-challenge.ts';
import { openSession } from './open-session.ts';
import type { VerifyOtpInput } from './session-inputs.ts';
import { type AuthPayload, signTokens } from './token-pair.ts';

/**
 * Redeems a sign-in code and opens a session, which completes the sign-in unless the account has a
 * second factor, and does not trust the browser.
 *
 * @param browser undefined outside cookie mode
 * @throws AuthError MFA_REQUIRED with the factors and the challenge for `verifyFactor`
 */
export async function verifyOtp(
  ctx: Context,
  input: VerifyOtpInput,
  browser?: Browser,
): Promise<AuthPayload> {
  const found = await findAddress(ctx, input.email);
  const source = await redeemCode(ctx, 'SIGN_IN', input, found.known, (tx, challenge) =>
    enter(tx, found, challenge, { isNamed: input.challengeId != null, browser }),
  );
  return source instanceof PendingSignIn
    ? source.reject(offerOf(ctx, browser))
    : signTokens(ctx, source);
}

interface Caller {
  /** Whether the client sent the challenge id. */
  readonly isNamed: boolean;
  readonly browser: Browser | undefined;
}

async function enter(
  tx: Transaction,
  found: FoundAddress,
  challenge: Challenge,
  { isNamed, browser }: Caller,
) {
  // The holder of the id, and the client that requested the code, know the password of that login.
  const isSameCaller = isNamed || challenge.client === tx.client.prefix;
  const verified = await verifyEmail(tx, found.email, {
    id: challenge.id,
    generation: challenge.generation,
    passwordFingerprint: isSameCaller ? challenge.passwordFingerprint : null,
    // Others may register from the same network, so only the id shows whose code it is.
    registration: isNamed ? challenge.registration : null,
  });
  if (!verified) return undefined;
  // `register` compares no password, so its code alone counts for `amr`.
  const knowsPassword = isSameCaller && challenge.passwordFingerprint !== null;
  const { account, isFirst } = verified;
  const named = { challenge: challengeName(challenge), ...(isFirst && { verified: true }) };
  const recordReset = account.factorsSince ? await applyFactorReset(tx, account) : undefined;
  const device = account.factorsSince ? await findDevice(tx, account, browser) : undefined;
  if (account.factorsSince && !device) {
    await saveAccount(tx, account);
    record(tx, 'OTP_VERIFIED', found.email, { ...named, mfaRequired: true });
    const { passwordFingerprint } = challenge;
    const first = { passwordFingerprint: knowsPassword ? passwordFingerprint : null };
    return openFactorChallenge(tx, account, first, found.known);
  }
  const opened = await openSession(tx, account, knowsPassword ? ['pwd', 'otp'] : ['otp'], device);
  const { sessionId } = opened;
  recordReset?.(sessionId);
  const trusted = device && { trustedDevice: device.id };
  record(tx, 'OTP_VERIFIED', found.email, { ...named, sessionId, ...trusted });
  if (device) tx.afterCommit.push(() => tx.metrics.add('trustedDevices', ['USED']));
  return opened;
}
