import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import type { Statement } from '../ports/sql.ts';
import { countEnds } from '../sessions/end-sessions.ts';
import { endTrust } from '../trusted-devices/end-trust.ts';
import type { Actor } from './actor.ts';
import { changeUser } from './change-user.ts';
import type { ManagedUser } from './managed-user.ts';
import type { UserInput } from './user-inputs.ts';

/** Disables an account at a time, and ends its sessions and codes. */
const disable: Statement<{ ended: number }> = {
  name: 'disable-account',
  text: `with ended as (
      update sessions set ended_at = $2 where account_id = $1 and ended_at is null
      returning id
    ), disabled as (
      update accounts set disabled_at = $2, challenge_epoch = challenge_epoch + 1 where id = $1
    )
    select count(*)::int as ended from ended`,
};

const enable: Statement = {
  name: 'enable-account',
  text: 'update accounts set disabled_at = null where id = $1',
};

/**
 * Disables a user: ends all sessions and codes, and the trust in all devices. From the next request
 * on, the account is treated like an unknown address.
 */
export function disableUser(ctx: Context, actor: Actor, input: UserInput): Promise<ManagedUser> {
  return changeUser(ctx, actor, input, true, async (tx, user) => {
    if (user.disabledAt) return user;
    const disabledAt = tx.clock.now();
    const [sessions] = await tx.sql.query(disable, [user.id, disabledAt]);
    await endTrust(tx, user.id);
    countEnds(tx, 'revoked', sessions?.ended);
    record(tx, 'USER_DISABLED', user, { by: actor.by });
    return { ...user, disabledAt, status: 'DISABLED' };
  });
}

/** Enables a disabled user, who then has to sign in. */
export function enableUser(ctx: Context, actor: Actor, input: UserInput): Promise<ManagedUser> {
  return changeUser(ctx, actor, input, false, async (tx, user) => {
    if (!user.disabledAt) return user;
    await tx.sql.query(enable, [user.id]);
    record(tx, 'USER_ENABLED', user, { by: actor.by });
    return { ...user, disabledAt: null, status: user.emailVerified ? 'ACTIVE' : 'UNVERIFIED' };
  });
}
