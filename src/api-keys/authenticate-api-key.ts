import type { Actor } from '../administration/actor.ts';
import type { Context } from '../context.ts';
import { unauthenticated } from '../errors/auth-error.ts';
import { type ActiveApiKey, findApiKeys, lockApiKey, saveUse } from './api-key-statements.ts';
import { apiKeyHash, isApiKey, PREFIX } from './api-key-text.ts';

/** Milliseconds between two stored times of use. */
const USE_INTERVAL = 60_000;

/**
 * Returns the active key of a bearer. One statement checks its creator too, and nothing is cached, so
 * every process rejects a revoked key immediately.
 */
export async function authenticateApiKey(
  ctx: Context,
  bearer: string,
): Promise<ActiveApiKey | undefined> {
  if (!isApiKey(bearer)) {
    if (bearer.startsWith(PREFIX)) ctx.metrics.add('apiKeys', ['MALFORMED']);
    return undefined;
  }
  const now = ctx.clock.now();
  const key = await ctx.lookUps.find(findApiKeys, { hash: apiKeyHash(bearer), now });
  ctx.metrics.add('apiKeys', [key ? 'ACCEPTED' : 'REFUSED']);
  if (key) noteUse(ctx, key, now);
  return key;
}

/** Stores the time of use about once a minute. The request does not wait for it. */
function noteUse({ sql, log }: Context, { id, lastUsedAt }: ActiveApiKey, now: Date): void {
  const before = new Date(now.getTime() - USE_INTERVAL);
  if (lastUsedAt && lastUsedAt > before) return;
  sql
    .query(saveUse, [id, now, before])
    .catch((cause) => log.debug({ cause: String(cause) }, 'Cannot store the use of an API key.'));
}

/** Returns the actor of a key, which has to be active until the change. */
export const apiKeyActor = ({ id, accountId }: ActiveApiKey): Actor => ({
  by: `api-key:${id}`,
  accountId,
  async confirm(tx) {
    const [active] = await tx.sql.query(lockApiKey, [id, tx.clock.now()]);
    if (!active) throw unauthenticated(true);
  },
});
