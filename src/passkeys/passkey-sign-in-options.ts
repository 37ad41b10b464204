import type { Context } from '../context.ts';
import type { PasskeyOptions } from './passkey-registration-options.ts';

/**
 * Returns options for `navigator.credentials.get()`. They are the same for everyone and list no
 * credentials, so they reveal nothing about an account. Stores nothing.
 */
export function passkeySignInOptions(ctx: Context): PasskeyOptions {
  const { passkeyChallenges, webAuthn, clock } = ctx;
  const challenge = passkeyChallenges.issue('SIGN_IN', '', clock.now());
  return {
    options: webAuthn.requestOptions(challenge),
    expiresIn: passkeyChallenges.lifetime,
  };
}
