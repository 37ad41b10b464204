import type { Environment } from './setting.ts';

/** The relying party of WebAuthn: who may use passkeys. */
export interface RelyingParty {
  readonly rpId: string;
  readonly origins: readonly string[];
  /** Whether pages of `localhost` may use them too, on any port. */
  readonly allowsLocalhost: boolean;
}

interface Given {
  readonly publicUrl: string;
  readonly webauthnRpId: string | undefined;
  readonly webauthnOrigins: readonly string[] | undefined;
}

/** Returns the relying party. Browsers refuse one whose `PUBLIC_URL` has an IP address or no TLS. */
export function relyingPartyOf(given: Given, environment: Environment): RelyingParty {
  const { hostname = '', origin = '' } = URL.parse(given.publicUrl) ?? {};
  return {
    rpId: given.webauthnRpId ?? hostname,
    origins: given.webauthnOrigins ?? [origin],
    allowsLocalhost: environment === 'development',
  };
}

/** Whether pages of an origin may have credentials of a domain. Apps prove it by other means. */
export function isWithin(origin: string, domain: string): boolean {
  const name = URL.parse(origin)?.hostname;
  return !name || name === domain || name.endsWith(`.${domain}`);
}
