import type { Context } from '../context.ts';
import { badUserInput, LAST_ADMIN } from '../errors/auth-error.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Statement } from '../ports/sql.ts';
import type { Actor } from './actor.ts';
import { isUuid, userNotFound } from './find-user.ts';
import { type ManagedUser, managedColumns } from './managed-user.ts';
import type { UserInput } from './user-inputs.ts';

/**
 * Locks accounts and, with `$2`, all administrators who can sign in. All transactions lock in the
 * order of the ids, so that they wait for each other without a deadlock.
 */
export const lockUsers: Statement<ManagedUser> = {
  name: 'lock-users',
  text: `select ${managedColumns} from accounts a
    where a.id = any($1::uuid[] || case when $2::boolean then array(
      select id from accounts
      where role = 'ADMIN' and disabled_at is null and email_verified_at is not null
    ) end)
    order by a.id for update`,
};

const isActiveAdmin = ({ role, status }: ManagedUser) => role === 'ADMIN' && status === 'ACTIVE';

/** Returns whether a user is the only `ADMIN` who can sign in. @param locked with all administrators */
export function isLastAdmin(id: string, locked: readonly ManagedUser[]): boolean {
  const admins = locked.filter(isActiveAdmin);
  return admins.length === 1 && admins[0]?.id === id;
}

/**
 * Runs an administrative transaction that locks users and the actor, who must still be permitted.
 *
 * @param withAdmins locks all administrators too
 * @throws AuthError FORBIDDEN, UNAUTHENTICATED
 */
export function administer<T>(
  ctx: Context,
  actor: Actor,
  ids: readonly string[],
  withAdmins: boolean,
  work: (tx: Transaction, locked: readonly ManagedUser[]) => Promise<T>,
): Promise<T> {
  return transaction(ctx, async (tx) => {
    const { accountId } = actor;
    const all = accountId ? [...ids, accountId] : ids;
    const locked = await tx.sql.query(lockUsers, [all.filter(isUuid), withAdmins]);
    await actor.confirm?.(
      tx,
      locked.find(({ id }) => id === accountId),
    );
    return work(tx, locked);
  });
}

/**
 * Changes a user in an administrative transaction.
 *
 * @param removesAdmin whether the user is no `ADMIN` afterwards: the last one is rejected
 * @throws AuthError NOT_FOUND, BAD_USER_INPUT for the last `ADMIN`, and those of `administer`
 */
export const changeUser = <T>(
  ctx: Context,
  actor: Actor,
  { id }: UserInput,
  removesAdmin: boolean,
  change: (tx: Transaction, user: ManagedUser) => Promise<T>,
): Promise<T> =>
  administer(ctx, actor, [id], removesAdmin, async (tx, locked) => {
    const user = locked.find((each) => each.id === id.toLowerCase());
    if (!user) throw userNotFound();
    if (removesAdmin && isLastAdmin(user.id, locked)) throw badUserInput({ id: [LAST_ADMIN] });
    return change(tx, user);
  });
