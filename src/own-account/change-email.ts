import { findAddress } from '../accounts/find-address.ts';
import { mayRegister } from '../accounts/registration.ts';
import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import { type OtpChallenge, sendCode } from '../challenges/send-code.ts';
import { createUndoSecret } from '../challenges/undo-secret.ts';
import type { Context } from '../context.ts';
import { badUserInput, FOREIGN_DOMAIN, OWN_ADDRESS } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { RateLimitExceeded } from '../ports/rate-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import { lockSteppedUp } from '../sessions/lock-stepped-up.ts';
import { insertRequest, waitForRequest } from './email-change-statements.ts';
import type { ChangeEmailInput } from './own-account-inputs.ts';

/**
 * Mails a code to the new address, and a notice with an undo secret to the current one (ASVS 5.0
 * 6.3.7). Requires a step-up. The response does not reveal whether the new address is taken: its
 * owner gets a notice instead of the code.
 */
export async function changeEmail(
  ctx: Context,
  viewer: Viewer,
  { newEmail }: ChangeEmailInput,
): Promise<OtpChallenge> {
  if (ctx.config.registration === 'domains' && !mayRegister(ctx.config, newEmail)) {
    throw badUserInput({ newEmail: [FOREIGN_DOMAIN] });
  }
  const found = await findAddress(ctx, newEmail);
  let exceeded: RateLimitExceeded | undefined;
  const sent = sendCode(ctx, {
    ...found,
    locale: found.locale ?? viewer.user.locale,
    purpose: 'CHANGE_EMAIL',
    sessionId: viewer.sessionId,
    async write(tx) {
      const asked = await request(tx, viewer, newEmail);
      if ('mail' in asked) return asked.mail;
      exceeded = asked;
      throw new Error('A rate limit is exceeded: rolling back the transaction.');
    },
  });
  return sent.catch((error) => {
    if (exceeded) return reject(ctx, 'RATE_LIMITED', viewer.user.email, exceeded);
    throw error;
  });
}

/** Stores the request and notifies the owner. @returns the mail to send instead of the code */
async function request(tx: Transaction, viewer: Viewer, newEmail: string) {
  const { sessionId } = viewer;
  const account = await lockSteppedUp(tx, viewer);
  const { id, email, challengeGeneration } = account;
  if (email === newEmail) throw badUserInput({ newEmail: [OWN_ADDRESS] });
  const { undoUrl, hash } = createUndoSecret(tx.config, '/email-change/undo');
  const { max, seconds } = tx.config.emailChanges;
  const now = tx.clock.now();
  const values = [id, email, newEmail, hash, sessionId, challengeGeneration, now, max, seconds];
  const [target] = await tx.sql.query(insertRequest, values);
  if (!target) return exceededBy(tx, id);
  await enqueueMail(tx, account, { about: 'EMAIL_CHANGE_REQUESTED', newEmail, undoUrl });
  record(tx, 'EMAIL_CHANGE_REQUESTED', account, { to: newEmail, sessionId });
  const { isTaken, isReserved } = target;
  return { mail: isTaken ? 'EMAIL_TAKEN' : isReserved ? 'NOTHING' : undefined } as const;
}

/** Describes the used-up limit on requests of an account. */
async function exceededBy(tx: Transaction, accountId: string): Promise<RateLimitExceeded> {
  const { seconds } = tx.config.emailChanges;
  const now = tx.clock.now();
  const [row] = await tx.sql.query(waitForRequest, [accountId, now, seconds]);
  const key = `emailChanges ${accountId} ${row?.oldest}`;
  return {
    name: 'emailChanges',
    wait: row?.wait ?? seconds,
    unrecorded: { key, confirm: () => undefined },
  };
}
