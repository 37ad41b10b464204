import { record } from '../audit/record.ts';
import { createUndoSecret } from '../challenges/undo-secret.ts';
import type { Context } from '../context.ts';
import { badUserInput, NO_FACTORS } from '../errors/auth-error.ts';
import { endFactorChanges, insertFactorChange } from '../factors/factor-change-statements.ts';
import { enqueueMail } from '../outbox/transaction.ts';
import type { Actor } from './actor.ts';
import { changeUser } from './change-user.ts';
import type { UserInput } from './user-inputs.ts';

/** A requested reset of factors. */
export interface FactorReset {
  readonly detail: string;
  /** From then on, a mailed code signs in. */
  readonly dueAt: Date;
}

/**
 * Requests the removal of all second factors of a user who has lost them. It takes effect with the first
 * sign-in after `FACTOR_RESET_HOURS`, within 7 days. The owner gets a mail with a link that cancels it;
 * a sign-in with a factor cancels it too. A newer request replaces an earlier one.
 *
 * @throws AuthError BAD_USER_INPUT if the user has no factor, and those of `changeUser`
 */
export const resetUserFactors = (
  ctx: Context,
  actor: Actor,
  input: UserInput,
): Promise<FactorReset> =>
  changeUser(ctx, actor, input, false, async (tx, user) => {
    if (!user.hasFactor) throw badUserInput({ id: [NO_FACTORS] });
    const now = tx.clock.now();
    const dueAt = new Date(now.getTime() + tx.config.factorResetHours * 3_600_000);
    const { undoUrl, hash } = createUndoSecret(tx.config, '/factors/undo');
    await tx.sql.query(endFactorChanges, [user.id, now, 'RESET_REQUESTED']);
    const values = [user.id, 'RESET_REQUESTED', hash, actor.by, now, dueAt];
    await tx.sql.query(insertFactorChange, values);
    await enqueueMail(tx, user, { about: 'FACTOR_RESET_REQUESTED', undoUrl, dueAt });
    record(tx, 'FACTOR_RESET_REQUESTED', user, { by: actor.by, dueAt });
    return { detail: 'The factors will be removed', dueAt };
  });
