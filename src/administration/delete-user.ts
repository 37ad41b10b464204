import { eraseAccount } from '../accounts/erase-account.ts';
import type { Context } from '../context.ts';
import { badUserInput, OTHER_ADDRESS } from '../errors/auth-error.ts';
import type { Actor } from './actor.ts';
import { changeUser } from './change-user.ts';
import type { DeleteUserInput } from './user-inputs.ts';

/** Deletes a user with all sessions and personal data. The address confirms it. */
export const deleteUser = (ctx: Context, actor: Actor, { id, email }: DeleteUserInput) =>
  changeUser(ctx, actor, { id }, true, async (tx, user) => {
    if (user.email !== email) throw badUserInput({ email: [OTHER_ADDRESS] });
    await eraseAccount(tx, user, actor.by);
    return { detail: 'User deleted' };
  });
