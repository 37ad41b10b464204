import { deriveKey } from './derived-keys.ts';
import type { TokenSecrets, TokenSettings } from './jwt-tokens.ts';

/** The settings that decide on tokens. */
interface Given {
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
  readonly tokenClientId: string;
  readonly tokenClaims: readonly string[];
  readonly secretKey: string;
  readonly secretKeyPrevious: string | undefined;
}

/** Returns what tokens are made with: claims, and the keys that the secrets lead to. */
export function tokenSettingsOf(given: Given): Omit<TokenSettings, 'keys'> {
  const secretsUnder = (secret: string): TokenSecrets => ({
    refreshKey: deriveKey(secret, 'refresh-token'),
    rotationKey: deriveKey(secret, 'refresh-rotation'),
  });
  const previous = given.secretKeyPrevious ? [secretsUnder(given.secretKeyPrevious)] : [];
  return {
    issuer: given.tokenIssuer,
    audience: given.tokenAudience,
    clientId: given.tokenClientId,
    optionalClaims: given.tokenClaims,
    secrets: [secretsUnder(given.secretKey), ...previous] as const,
  };
}
