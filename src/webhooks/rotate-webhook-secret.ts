import type { Actor } from '../administration/actor.ts';
import { administer } from '../administration/change-user.ts';
import { isUuid } from '../administration/find-user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import type { WebhookWithSecret } from './create-webhook.ts';
import { webhookNotFound } from './update-webhook.ts';
import type { IdInput } from './webhook-inputs.ts';
import { newWebhookSecret, secretLabel } from './webhook-secret.ts';
import { replaceSecret } from './webhook-statements.ts';

/**
 * Gives a webhook a new secret. The replaced one signs too, for 24 hours; an older one ends. Requires a
 * step-up of an administrator.
 *
 * @throws AuthError NOT_FOUND
 */
export const rotateWebhookSecret = (
  ctx: Context,
  actor: Actor,
  { id }: IdInput,
): Promise<WebhookWithSecret> =>
  administer(ctx, actor, [], false, async (tx) => {
    await actor.stepUp?.(tx);
    const secret = newWebhookSecret();
    const sealed = tx.webhookSealer.seal(secretLabel(id.toLowerCase()), secret);
    const [changed] = isUuid(id) ? await tx.sql.query(replaceSecret, [id, sealed]) : [];
    if (!changed) throw webhookNotFound();
    record(tx, 'WEBHOOK_SECRET_ROTATED', '', { webhook: changed.id, by: actor.by });
    return { ...changed, secret };
  });
