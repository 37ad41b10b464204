import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { transaction } from '../outbox/transaction.ts';
import type { PasskeyFactorOptionsInput } from './passkey-inputs.ts';
import type { PasskeyOptions } from './passkey-registration-options.ts';
import { selectPasskeys } from './passkey-statements.ts';
import { requestOptions } from './request-options.ts';

/**
 * Returns options for the passkey that completes a sign-in after `MFA_REQUIRED`. Only `verifyFactor`
 * with the same challenge ID accepts the response. They list no credentials, and are the same for any
 * challenge ID, so they reveal nothing about an account. Stores nothing.
 */
export const passkeyFactorOptions = (
  ctx: Context,
  { challengeId }: PasskeyFactorOptionsInput,
): PasskeyOptions => requestOptions(ctx, { purpose: 'SECOND_FACTOR', owner: challengeId });

/** Returns options for a step-up with one of the passkeys of the account, in this session only. */
export function passkeyStepUpOptions(ctx: Context, viewer: Viewer): Promise<PasskeyOptions> {
  return transaction(ctx, async (tx) => {
    const { id } = await lockViewer(tx, viewer);
    const passkeys = await tx.sql.query(selectPasskeys, [id]);
    return requestOptions(tx, { purpose: 'STEP_UP', owner: viewer.sessionId }, passkeys);
  });
}
