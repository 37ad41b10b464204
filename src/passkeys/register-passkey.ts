import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import { markRedeemed } from '../challenges/challenge-statements.ts';
import type { Context } from '../context.ts';
import { afterEnrolment } from '../enrolment/after-enrolment.ts';
import { badUserInput } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { authenticatorName } from './authenticator-names.ts';
import { challengeCheck } from './challenge-check.ts';
import type { RegisterPasskeyInput } from './passkey-inputs.ts';
import { passkeyKind } from './passkey-kind.ts';
import { insertPasskey, type ListedPasskey } from './passkey-statements.ts';

/** Passkeys that an account can have. */
const MAX_PASSKEYS = 20;

export const NOT_ADDED =
  'The passkey was not accepted. Get new options with passkeyRegistrationOptions, and try again.';
export const ALREADY_ADDED = `This passkey is in use, or the account has ${MAX_PASSKEYS} passkeys. Remove one first.`;

/** A new passkey. */
export interface RegisteredPasskey extends ListedPasskey {
  /** The recovery codes of a first factor; none for further ones. */
  readonly recoveryCodes: readonly string[];
}

/**
 * Adds a passkey to the signed-in account, which is a factor from then on, and notifies the owner (ASVS
 * 5.0 6.3.7). The challenge proves that the session was fresh, or had a step-up, when it got the
 * options.
 */
export async function registerPasskey(
  ctx: Context,
  viewer: Viewer,
  { credential: response, name }: RegisterPasskeyInput,
): Promise<RegisteredPasskey> {
  const { sessionId } = viewer;
  const { check, redeemed } = challengeCheck(ctx, { purpose: 'REGISTER', owner: sessionId });
  const credential = await ctx.webAuthn.verifyRegistration(response, check);
  const challenge = redeemed();
  if ('refused' in credential || !challenge) throw badUserInput({ credential: [NOT_ADDED] });
  return transaction(ctx, async (tx) => {
    const account = await lockViewer(tx, viewer);
    const now = tx.clock.now();
    const [first] = await tx.sql.query(markRedeemed, [challenge.id, now]);
    if (!first) throw badUserInput({ credential: [NOT_ADDED] });
    const { credentialId, publicKey, signCount, transports, aaguid } = credential;
    const { backupEligible, backedUp } = credential;
    const [created] = await tx.sql.query(insertPasskey, [
      ...[tx.newId(now), account.id, credentialId, publicKey, signCount, backupEligible, backedUp],
      ...[transports, aaguid, name ?? authenticatorName(aaguid), now, MAX_PASSKEYS],
    ]);
    if (!created) throw badUserInput({ credential: [ALREADY_ADDED] });
    record(tx, 'PASSKEY_ADDED', account, { passkey: created.id, aaguid, backedUp, sessionId });
    const { name: factor, amr } = passkeyKind;
    const recoveryCodes = await afterEnrolment(tx, account, { factor, amr, sessionId });
    return { ...created, recoveryCodes };
  });
}
