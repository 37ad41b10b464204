import { findAddress } from '../accounts/find-address.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { type OtpChallenge, sendCode } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { factorRequired, unauthenticated } from '../errors/auth-error.ts';
import { acceptedProofs } from '../sessions/lock-stepped-up.ts';

/**
 * Mails the signed-in account a code for `stepUp` in this session.
 *
 * @throws AuthError STEP_UP_REQUIRED with the accepted proofs, if the account has a second factor
 */
export async function requestStepUp(ctx: Context, viewer: Viewer): Promise<OtpChallenge> {
  const { user, sessionId } = viewer;
  if (user.hasFactor) throw factorRequired(await acceptedProofs(ctx, user));
  const found = await findAddress(ctx, user.email);
  return sendCode(ctx, {
    ...found,
    purpose: 'CONFIRM',
    sessionId,
    async write(tx) {
      const { email } = await lockViewer(tx, viewer);
      // The address has changed since the request was authenticated: it gets no code any more.
      if (email !== user.email) throw unauthenticated(true);
      return undefined;
    },
  });
}
