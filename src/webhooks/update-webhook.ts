import type { Actor } from '../administration/actor.ts';
import { administer } from '../administration/change-user.ts';
import { isUuid } from '../administration/find-user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { AuthError, WEBHOOK_NOT_FOUND } from '../errors/auth-error.ts';
import { checkUrl, originOfUrl } from './create-webhook.ts';
import type { UpdateWebhookInput } from './webhook-inputs.ts';
import { type ListedWebhook, updateWebhookRow } from './webhook-statements.ts';

export const webhookNotFound = () => new AuthError('NOT_FOUND', WEBHOOK_NOT_FOUND);

/**
 * Changes a webhook, or switches it on or off. Requires a step-up of an administrator.
 * @throws AuthError NOT_FOUND
 */
export const updateWebhook = (
  ctx: Context,
  actor: Actor,
  { id, ...changes }: UpdateWebhookInput,
): Promise<ListedWebhook> =>
  administer(ctx, actor, [], false, async (tx) => {
    await actor.stepUp?.(tx);
    const { url, events, description, enabled } = changes;
    if (url != null) checkUrl(tx, url);
    // `null` clears the description, and leaves the others as they are.
    const text = description === null ? '' : description;
    const values = [url ?? null, events ?? null, text ?? null, enabled ?? null, tx.clock.now()];
    const [changed] = isUuid(id) ? await tx.sql.query(updateWebhookRow, [id, ...values]) : [];
    if (!changed) throw webhookNotFound();
    const fields = Object.entries(changes).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
    const moved = url == null ? {} : { origin: originOfUrl(url) };
    record(tx, 'WEBHOOK_UPDATED', '', { webhook: changed.id, fields, ...moved, by: actor.by });
    return changed;
  });
