import type { Actor } from '../administration/actor.ts';
import { administer } from '../administration/change-user.ts';
import { isUuid } from '../administration/find-user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { AuthError, badUserInput, DELIVERY_NOT_FOUND } from '../errors/auth-error.ts';
import { type ListedDelivery, lockDelivery, redeliverRow } from './delivery-statements.ts';
import type { IdInput } from './webhook-inputs.ts';

export const STILL_WAITING = 'The delivery has not ended. It is retried by itself.';
const WEBHOOK_OFF = 'The webhook is switched off. First switch it on.';

/**
 * Sends an ended delivery again, under the same `webhook-id`, and retries it for three more days.
 *
 * @throws AuthError NOT_FOUND; BAD_USER_INPUT if it waits, or the webhook is off
 */
export const redeliver = (ctx: Context, actor: Actor, { id }: IdInput): Promise<ListedDelivery> =>
  administer(ctx, actor, [], false, async (tx) => {
    const [found] = isUuid(id) ? await tx.sql.query(lockDelivery, [id]) : [];
    if (!found) throw new AuthError('NOT_FOUND', DELIVERY_NOT_FOUND);
    if (found.isOff) throw badUserInput({ id: [WEBHOOK_OFF] });
    const [changed] = await tx.sql.query(redeliverRow, [id]);
    if (!changed) throw badUserInput({ id: [STILL_WAITING] });
    const { id: delivery, webhookId: webhook, messageId: message } = changed;
    record(tx, 'WEBHOOK_REDELIVERED', '', { webhook, delivery, message, by: actor.by });
    return changed;
  });
