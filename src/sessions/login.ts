import { Account } from '../accounts/account.entity.ts';
import { findAddressToHash } from '../accounts/find-address.ts';
import { passwordFingerprint } from '../accounts/password-fingerprint.ts';
import { record, recordFailure, recordFailureOnce } from '../audit/record.ts';
import { mailCode, type OtpChallenge } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { AuthError } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { wrongPasswords } from '../rate-limits/password-limits.ts';
import { refuse } from '../rate-limits/reject.ts';
import type { LoginInput } from './session-inputs.ts';

/**
 * The first half of signing in: checks the password and mails a code for the second half.
 *
 * @throws AuthError INVALID_CREDENTIALS, alike for a wrong password and an unknown address; LOCKED
 *   after too many wrong ones; RATE_LIMITED when the address has got too many codes
 */
export async function login(ctx: Context, { email, password }: LoginInput): Promise<OtpChallenge> {
  // Before an attempt is counted, so that PostgreSQL's absence counts none.
  const { passwordHash, emailVerified, generation, known, place } = await findAddressToHash(
    ctx,
    email,
  );
  using _place = place;
  const rateLimits = wrongPasswords(ctx, known);
  const refusal = await ctx.rateLimits.consume(email, rateLimits, ctx.client.prefix);
  if (refusal) return refuse(ctx, 'LOGIN_LOCKED', email, refusal);

  const matches = await ctx.passwords.verify(passwordHash, password);
  if (!matches || passwordHash === null) {
    await transaction(ctx, (tx) => recordFailure(tx, 'LOGIN_FAILED', email));
    throw new AuthError('INVALID_CREDENTIALS', 'Invalid credentials');
  }

  // Refunds only after a commit: in an outage, a right password must look like a wrong one.
  const refund = () => ctx.rateLimits.refund(email, rateLimits);
  // Before the proof the mark has to stay good, so the hash stays as it is.
  const rehashed =
    emailVerified && ctx.passwords.needsRehash(passwordHash)
      ? await ctx.passwords.hash(password)
      : undefined;
  const answer = await mailCode(ctx, {
    address: email,
    purpose: 'SIGN_IN',
    passwordFingerprint: passwordFingerprint(passwordHash),
    generation,
    known,
    async write(tx) {
      if (rehashed) {
        await tx.em.nativeUpdate(Account, { email, passwordHash }, { passwordHash: rehashed });
      }
      record(tx, 'LOGIN_SUCCEEDED', email);
      return undefined;
    },
    // Somebody knows the password now, whether a code could be mailed or not.
    recordRefused: (tx, key) =>
      recordFailureOnce(tx, `${key} login`, 'LOGIN_SUCCEEDED', email, { mailed: false }),
  }).catch(async (error) => {
    if (error instanceof AuthError) await refund();
    throw error;
  });
  await refund();
  return answer;
}
