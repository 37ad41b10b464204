import { renewHash } from '../accounts/account-statements.ts';
import { passwordFingerprint } from '../accounts/password-fingerprint.ts';
import { verifyPassword } from '../accounts/verify-password.ts';
import { type OtpChallenge, sendCode } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { AuthError } from '../errors/auth-error.ts';
import type { LoginInput } from './session-inputs.ts';

const wrong = () => new AuthError('INVALID_CREDENTIALS', 'Invalid credentials');

/** Checks the password and mails the code that completes the sign-in. */
export async function login(ctx: Context, { email, password }: LoginInput): Promise<OtpChallenge> {
  using verified = await verifyPassword(ctx, email, password, { wrong });
  const { passwordHash, emailVerified } = verified;
  // Until the address is verified, the fingerprint has to stay valid, so the hash stays too.
  const renewed = emailVerified ? await ctx.passwords.renew(passwordHash, password) : passwordHash;
  const sent = sendCode(ctx, {
    ...verified,
    purpose: 'SIGN_IN',
    passwordFingerprint: passwordFingerprint(passwordHash),
    event: 'LOGIN_SUCCEEDED',
    async write(tx) {
      if (renewed === passwordHash) return undefined;
      // Never overwrites a newer password.
      await tx.sql.query(renewHash, [email, passwordHash, renewed]);
      return undefined;
    },
  });
  await sent.catch((error) => {
    if (!(error instanceof AuthError)) throw error;
  });
  // Nothing waits for it: a lost refund stays counted.
  void verified.settle();
  return sent;
}
