import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { writeEntries } from '../outbox/transaction.ts';
import type { Actor } from './actor.ts';
import { changeUser } from './change-user.ts';
import type { ManagedUser } from './managed-user.ts';
import type { UserInput } from './user-inputs.ts';

/** Clears the failed attempts and mailed codes of a user's address, of all clients. */
export const unlockUser = (ctx: Context, actor: Actor, input: UserInput): Promise<ManagedUser> =>
  changeUser(ctx, actor, input, false, async (tx, user) => {
    record(tx, 'USER_UNLOCKED', user, { by: actor.by });
    // Redis comes last, so that nothing is cleared without an event.
    await writeEntries(tx);
    await tx.rateLimits.clear(user.email);
    return user;
  });
