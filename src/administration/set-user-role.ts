import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import type { Statement } from '../ports/sql.ts';
import type { Actor } from './actor.ts';
import { changeUser } from './change-user.ts';
import type { ManagedUser } from './managed-user.ts';
import type { SetUserRoleInput } from './user-inputs.ts';

const setRole: Statement = {
  name: 'set-role',
  text: 'update accounts set role = $2 where id = $1',
};

/** Changes the role of a user. It applies from the next request on. */
export const setUserRole = (
  ctx: Context,
  actor: Actor,
  { id, role }: SetUserRoleInput,
): Promise<ManagedUser> =>
  changeUser(ctx, actor, { id }, role !== 'ADMIN', async (tx, user) => {
    if (user.role === role) return user;
    await tx.sql.query(setRole, [user.id, role]);
    record(tx, 'ROLE_CHANGED', user, { from: user.role, to: role, by: actor.by });
    return { ...user, role };
  });
