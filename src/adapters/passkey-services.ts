import { deriveKey } from './derived-keys.ts';
import { createPasskeyChallenges } from './passkey-challenges.ts';
import { createWebAuthn, type RelyingPartySettings } from './simple-web-authn.ts';

/** Lifetime of a challenge in seconds: that of a one-time code by default. */
const LIFETIME = 300;

interface PasskeyConfig {
  readonly secretKey: string;
  readonly secretKeyPrevious: string | undefined;
  readonly appName: string;
  readonly relyingParty: Omit<RelyingPartySettings, 'name'>;
}

/** Creates what the use cases of passkeys need. */
export function createPasskeyServices(config: PasskeyConfig) {
  const { secretKey, secretKeyPrevious, appName, relyingParty } = config;
  const keyUnder = (secret: string) => deriveKey(secret, 'passkey-challenge');
  const previous = secretKeyPrevious ? [keyUnder(secretKeyPrevious)] : [];
  return {
    passkeyChallenges: createPasskeyChallenges([keyUnder(secretKey), ...previous], LIFETIME),
    webAuthn: createWebAuthn({ ...relyingParty, name: appName }),
  };
}
