import { type FoundAddress, findAddress } from '../accounts/find-address.ts';
import { verifyEmail } from '../accounts/verify-email.ts';
import { record } from '../audit/record.ts';
import { redeemCode } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import { openSession } from './open-session.ts';
import type { VerifyOtpInput } from './session-inputs.ts';
import { type AuthPayload, signTokens } from './token-pair.ts';

/** Redeems a sign-in code and opens a session, which completes the sign-in. */
export async function verifyOtp(ctx: Context, input: VerifyOtpInput): Promise<AuthPayload> {
  const found = await findAddress(ctx, input.email);
  const source = await redeemCode(ctx, 'SIGN_IN', input, found.known, (tx, challenge) =>
    enter(tx, found, challenge, input.challengeId != null),
  );
  return signTokens(ctx, source);
}

/** @param isNamed whether the client sent the challenge id */
async function enter(tx: Transaction, found: FoundAddress, challenge: Challenge, isNamed: boolean) {
  // The holder of the id, and the client that requested the code, know the password of that login.
  const isSameCaller = isNamed || challenge.client === tx.client.prefix;
  const verified = await verifyEmail(tx, found, {
    generation: challenge.generation,
    passwordFingerprint: isSameCaller ? challenge.passwordFingerprint : null,
    // Others may register from the same network, so only the id shows whose code it is.
    registration: isNamed ? challenge.registration : null,
  });
  if (!verified) return undefined;
  // `register` compares no password, so its code alone counts for `amr`.
  const knowsPassword = isSameCaller && challenge.passwordFingerprint !== null;
  const { account, isFirst } = verified;
  const opened = await openSession(tx, account, knowsPassword ? ['pwd', 'otp'] : ['otp']);
  const { sessionId } = opened;
  record(tx, 'OTP_VERIFIED', found.email, {
    ...{ challenge: challengeName(challenge), sessionId },
    ...(isFirst && { verified: true }),
  });
  return opened;
}
