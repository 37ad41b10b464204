import type { Actor } from '../administration/actor.ts';
import { administer } from '../administration/change-user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { badUserInput } from '../errors/auth-error.ts';
import type { CreateWebhookInput } from './webhook-inputs.ts';
import { newWebhookSecret, secretLabel } from './webhook-secret.ts';
import { insertWebhook, type ListedWebhook, lockWebhooks } from './webhook-statements.ts';
import { problemOfUrl } from './webhook-url.ts';

/** Number of webhooks that can exist. */
const MAX_WEBHOOKS = 50;

export const TOO_MANY_WEBHOOKS = `There are ${MAX_WEBHOOKS} webhooks. First delete one.`;

/** A webhook with a new secret. Only this response contains it. */
export interface WebhookWithSecret extends ListedWebhook {
  readonly secret: string;
}

/** Checks the URL of a receiver. @throws AuthError BAD_USER_INPUT */
export function checkUrl({ config }: Pick<Context, 'config'>, url: string): void {
  const problem = problemOfUrl(url, config.webhookAllowPrivate);
  if (problem) throw badUserInput({ url: [problem] });
}

/** Returns scheme, host and port of a URL, whose path may be a secret. */
export const originOfUrl = (url: string): string => new URL(url).origin;

/** Creates a webhook. Requires a step-up of an administrator. */
export const createWebhook = (
  ctx: Context,
  actor: Actor,
  { url, events, description }: CreateWebhookInput,
): Promise<WebhookWithSecret> =>
  administer(ctx, actor, [], false, async (tx) => {
    await actor.stepUp?.(tx);
    checkUrl(tx, url);
    await tx.sql.query(lockWebhooks);
    const now = tx.clock.now();
    const id = tx.newId(now);
    const secret = newWebhookSecret();
    const sealed = tx.webhookSealer.seal(secretLabel(id), secret);
    const row = [id, url, description ?? '', events, sealed, now, MAX_WEBHOOKS];
    const [created] = await tx.sql.query(insertWebhook, row);
    if (!created) throw badUserInput({ '': [TOO_MANY_WEBHOOKS] });
    const origin = originOfUrl(url);
    record(tx, 'WEBHOOK_CREATED', '', { webhook: id, origin, events, by: actor.by });
    return { ...created, secret };
  });
