import type { Actor } from '../administration/actor.ts';
import { administer } from '../administration/change-user.ts';
import { isUuid } from '../administration/find-user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { API_KEY_NOT_FOUND, AuthError } from '../errors/auth-error.ts';
import type { RevokeApiKeyInput } from './api-key-inputs.ts';
import { deleteApiKey } from './api-key-statements.ts';

/**
 * Revokes an API key: deletes it. Waits for changes that it has begun. @throws AuthError NOT_FOUND
 */
export const revokeApiKey = (ctx: Context, actor: Actor, { id }: RevokeApiKeyInput) =>
  administer(ctx, actor, [], false, async (tx) => {
    const [key] = isUuid(id) ? await tx.sql.query(deleteApiKey, [id]) : [];
    if (!key) throw new AuthError('NOT_FOUND', API_KEY_NOT_FOUND);
    const { accountId, email, name } = key;
    const subject = accountId && email ? { id: accountId, email } : '';
    record(tx, 'API_KEY_REVOKED', subject, { key: key.id, name, by: actor.by });
    return { detail: 'API key revoked' };
  });
