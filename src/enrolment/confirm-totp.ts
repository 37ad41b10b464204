import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { badUserInput, NO_NEW_TOTP } from '../errors/auth-error.ts';
import { findStep } from '../factors/totp-codes.ts';
import { openTotp } from '../factors/totp-kind.ts';
import { confirmSecret, findNewSecret } from '../factors/totp-statements.ts';
import { transaction } from '../outbox/transaction.ts';
import { lockSteppedUp } from '../sessions/lock-stepped-up.ts';
import { afterEnrolment } from './after-enrolment.ts';
import type { ConfirmTotpInput } from './enrolment-inputs.ts';

/** An enrolled factor. */
export interface EnrolledFactor {
  readonly detail: string;
  /** The recovery codes of a first factor; none for further ones. */
  readonly recoveryCodes: readonly string[];
}

/**
 * Activates the authenticator app of `enrollTotp` with its first code, which is then spent. It
 * replaces an earlier app. Requires a step-up.
 *
 * @throws AuthError BAD_USER_INPUT for a wrong code: the app and the clock of the server differ
 */
export function confirmTotp(ctx: Context, viewer: Viewer, { totp }: ConfirmTotpInput) {
  const { sessionId } = viewer;
  return transaction(ctx, async (tx): Promise<EnrolledFactor> => {
    const account = await lockSteppedUp(tx, viewer);
    const { id } = account;
    const now = tx.clock.now();
    const [pending] = await tx.sql.query(findNewSecret, [id, sessionId, now]);
    if (!pending) throw badUserInput({ totp: [NO_NEW_TOTP] });
    const step = findStep(openTotp(tx.factorSealer, id, pending.sealedSecret), totp, now);
    if (step === undefined) throw badUserInput({ totp: ['The code is wrong.'] });
    await tx.sql.query(confirmSecret, [id, step, now]);
    const enrolled = { factor: 'TOTP', amr: ['otp'], sessionId } as const;
    const recoveryCodes = await afterEnrolment(tx, account, enrolled);
    return { detail: 'Authenticator app enrolled', recoveryCodes };
  });
}
