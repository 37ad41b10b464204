import { findAddress } from '../accounts/find-address.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { type OtpChallenge, sendCode } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { unauthenticated } from '../errors/auth-error.ts';

/** Mails the signed-in account a code for `stepUp` in this session. */
export async function requestStepUp(ctx: Context, viewer: Viewer): Promise<OtpChallenge> {
  const { user, sessionId } = viewer;
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
