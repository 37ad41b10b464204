import type { Actor } from '../administration/actor.ts';
import { administer } from '../administration/change-user.ts';
import { isUuid } from '../administration/find-user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { originOfUrl } from './create-webhook.ts';
import { webhookNotFound } from './update-webhook.ts';
import type { IdInput } from './webhook-inputs.ts';
import { markWebhookDeleted } from './webhook-statements.ts';

/**
 * Deletes a webhook with its secrets. Nothing more is sent to it. Requires a step-up of an
 * administrator, like switching it off.
 *
 * @throws AuthError NOT_FOUND
 */
export const deleteWebhook = (ctx: Context, actor: Actor, { id }: IdInput) =>
  administer(ctx, actor, [], false, async (tx) => {
    await actor.stepUp?.(tx);
    const [deleted] = isUuid(id)
      ? await tx.sql.query(markWebhookDeleted, [id, tx.clock.now()])
      : [];
    if (!deleted) throw webhookNotFound();
    const origin = originOfUrl(deleted.url);
    record(tx, 'WEBHOOK_DELETED', '', { webhook: deleted.id, origin, by: actor.by });
    return { detail: 'Webhook deleted' };
  });
