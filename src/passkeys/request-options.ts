import type { Context } from '../context.ts';
import type { CredentialDescriptor } from '../ports/web-authn.ts';
import type { ChallengeUse } from './challenge-check.ts';
import type { PasskeyOptions } from './passkey-registration-options.ts';

/** Returns options for `navigator.credentials.get()` with a new challenge for this use. */
export function requestOptions(
  { passkeyChallenges, webAuthn, clock }: Pick<Context, 'passkeyChallenges' | 'webAuthn' | 'clock'>,
  { purpose, owner }: ChallengeUse,
  allowed?: readonly CredentialDescriptor[],
): PasskeyOptions {
  const challenge = passkeyChallenges.issue(purpose, owner, clock.now());
  return {
    options: webAuthn.requestOptions(challenge, allowed),
    expiresIn: passkeyChallenges.lifetime,
  };
}
