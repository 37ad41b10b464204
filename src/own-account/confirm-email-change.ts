import { findAddress } from '../accounts/find-address.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import { redeemCode } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import { createUndoSecret } from '../challenges/undo-secret.ts';
import type { Context } from '../context.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import { isDuplicate } from '../ports/sql.ts';
import { changeAddress, evictUnverified, findRequest } from './email-change-statements.ts';
import type { ConfirmEmailChangeInput } from './own-account-inputs.ts';

/**
 * Changes the address of the signed-in account with the code that `changeEmail` mailed to it. Only
 * the session that requested the change can confirm it, and only the newest request counts. Ends all
 * codes of the account, and notifies the old address, which stays reserved for 7 days. Whoever had
 * the account in between cannot undo a change back to an address that could still be restored.
 */
export async function confirmEmailChange(
  ctx: Context,
  viewer: Viewer,
  input: ConfirmEmailChangeInput,
): Promise<{ readonly detail: string }> {
  const [request] = await ctx.sql.query(findRequest, [viewer.user.id, ctx.clock.now()]);
  // Without a request, no code can be right. The attempt counts all the same.
  const email = request?.newEmail ?? viewer.user.email;
  const { known } = await findAddress(ctx, email);
  const redeem = () =>
    redeemCode(ctx, 'CHANGE_EMAIL', { ...input, email }, known, (tx, challenge) =>
      change(tx, viewer, email, challenge),
    );
  return redeem().catch((error) => {
    // Someone else has just taken the address. The second attempt sees the account.
    if (isDuplicate(error)) return redeem();
    throw error;
  });
}

/** Returns undefined if the request has ended, or the address is not free any more. */
async function change(tx: Transaction, viewer: Viewer, newEmail: string, challenge: Challenge) {
  const { sessionId } = viewer;
  const account = await lockViewer(tx, viewer);
  const { id, email: oldEmail, challengeGeneration } = account;
  const now = tx.clock.now();
  const [request] = await tx.sql.query(findRequest, [id, now]);
  const isOwn = [request?.sessionId, challenge.sessionId].every((each) => each === sessionId);
  const isCurrent = request?.generation === challengeGeneration && request.newEmail === newEmail;
  if (!isOwn || !isCurrent) return undefined;
  await tx.sql.query(evictUnverified, [newEmail, id]);
  const { undoUrl, hash } = createUndoSecret(tx.config, '/email-change/undo');
  const [changed] = await tx.sql.query(changeAddress, [id, oldEmail, newEmail, hash, now]);
  if (!changed) return undefined;
  await enqueueMail(
    tx,
    account,
    changed.isReturn
      ? { about: 'EMAIL_CHANGED_BACK' }
      : { about: 'EMAIL_CHANGED', newEmail, undoUrl },
  );
  const named = { challenge: challengeName(challenge), sessionId };
  record(tx, 'EMAIL_CHANGED', { id, email: newEmail }, { from: oldEmail, to: newEmail, ...named });
  return { detail: 'E-mail address changed' };
}
