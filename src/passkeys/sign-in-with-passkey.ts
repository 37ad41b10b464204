import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { cancelReset } from '../factors/cancel-reset.ts';
import { openSession } from '../sessions/open-session.ts';
import { type AuthPayload, signTokens } from '../sessions/token-pair.ts';
import { findDevice } from '../trusted-devices/active-device.ts';
import type { Browser } from '../trusted-devices/device-token.ts';
import type { SignInWithPasskeyInput } from './passkey-inputs.ts';
import { passkeyKind } from './passkey-kind.ts';
import { verifyPasskey } from './verify-passkey.ts';

/**
 * Opens a session with a passkey. It is two factors: the key, and what unlocks it. Cancels a reset of the
 * factors that waits, like any proof of a factor.
 *
 * @param browser undefined outside cookie mode
 */
export async function signInWithPasskey(
  ctx: Context,
  { credential }: SignInWithPasskeyInput,
  browser?: Browser,
): Promise<AuthPayload> {
  const use = { purpose: 'SIGN_IN', owner: '' } as const;
  const source = await verifyPasskey(ctx, credential, use, async (tx, account, passkey) => {
    const device = await findDevice(tx, account, browser);
    const opened = await openSession(tx, account, [...passkeyKind.amr, 'mfa'], device);
    record(tx, 'PASSKEY_VERIFIED', account, { passkey, sessionId: opened.sessionId });
    await cancelReset(tx, account);
    return opened;
  });
  return signTokens(ctx, source);
}
