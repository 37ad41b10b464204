import type { Viewer } from '../accounts/user.ts';
import { actorOf, operator } from '../administration/actor.ts';
import { administer } from '../administration/change-user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { badUserInput } from '../errors/auth-error.ts';
import { enqueueMail } from '../outbox/transaction.ts';
import { daysBefore } from '../ports/clock.ts';
import { lockSteppedUp } from '../sessions/lock-stepped-up.ts';
import { type CreateApiKeyInput, DEFAULT_DAYS } from './api-key-inputs.ts';
import { insertApiKey, type ListedApiKey, lockApiKeys } from './api-key-statements.ts';
import { apiKeyHash, newApiKey, startOf } from './api-key-text.ts';

/** Number of keys that can exist. */
const MAX_KEYS = 100;

export const TOO_MANY_KEYS = `There are ${MAX_KEYS} API keys. First revoke one.`;

/** A new key. Only this response contains it. */
export interface CreatedApiKey extends ListedApiKey {
  readonly key: string;
}

/**
 * Creates an API key. Requires a step-up of the administrator. A key works while its creator is an
 * active `ADMIN`; one of the command line has no creator.
 *
 * @param viewer the administrator; undefined for the command line
 */
export function createApiKey(
  ctx: Context,
  viewer: Viewer | undefined,
  { name, scope, expiresInDays }: CreateApiKeyInput,
): Promise<CreatedApiKey> {
  const actor = viewer ? actorOf(viewer) : operator;
  return administer(ctx, actor, [], false, async (tx) => {
    const creator = viewer && (await lockSteppedUp(tx, viewer));
    await tx.sql.query(lockApiKeys);
    const key = newApiKey();
    const now = tx.clock.now();
    const [created] = await tx.sql.query(insertApiKey, [
      ...[tx.newId(now), creator?.id, apiKeyHash(key), startOf(key), name, scope],
      ...[now, daysBefore(now, -(expiresInDays ?? DEFAULT_DAYS)), MAX_KEYS],
    ]);
    if (!created) throw badUserInput({ '': [TOO_MANY_KEYS] });
    const { id, expiresAt } = created;
    record(tx, 'API_KEY_CREATED', creator ?? '', {
      key: id,
      name,
      scope,
      expiresAt,
      by: actor.by,
    });
    if (creator) await enqueueMail(tx, creator, { about: 'API_KEY_CREATED' });
    return { ...created, key };
  });
}
