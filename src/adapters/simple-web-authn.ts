import type {
  CheckChallenge,
  CredentialDescriptor,
  CredentialRefusal,
  WebAuthn,
  WebAuthnJson,
} from '../ports/web-authn.ts';

/** Settings of the relying party. */
export interface RelyingPartySettings {
  /** Domain that the credentials belong to. */
  readonly rpId: string;
  readonly name: string;
  /** Origins of the pages that may use them. */
  readonly origins: readonly string[];
  /** Whether pages of `localhost` may use them, on any port. */
  readonly allowsLocalhost: boolean;
}

/** Signature algorithms (COSE), best first: ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257];

/** Milliseconds that the browser waits. The challenge expires first, unless its setting is longer. */
const TIMEOUT = 300_000;

/** Loaded with the first response: it takes 0.2 s and 29 MB, mostly for attestation. */
const library = () => import('@simplewebauthn/server');

const LOCALHOST = /^http:\/\/localhost(:\d+)?$/;

/** Creates the relying party, on @simplewebauthn/server. */
export const createWebAuthn = (settings: RelyingPartySettings): WebAuthn => ({
  rpId: settings.rpId,
  creationOptions: (owner, challenge, exclude) => ({
    ...creationOptions(settings),
    user: { ...owner },
    challenge,
    excludeCredentials: exclude.map(descriptorOf),
  }),
  requestOptions: (challenge, allowed = []) => ({
    challenge,
    rpId: settings.rpId,
    timeout: TIMEOUT,
    userVerification: 'required',
    allowCredentials: allowed.map(descriptorOf),
  }),
  verifyRegistration: (response, check) => verifyRegistration(settings, response, check),
  verifyAssertion: (response, check, publicKey) =>
    verifyAssertion(settings, response, check, publicKey),
});

/** The part of the options that is the same for all accounts: a discoverable credential. */
const creationOptions = ({ rpId, name }: RelyingPartySettings) => ({
  rp: { id: rpId, name },
  pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
  timeout: TIMEOUT,
  authenticatorSelection: {
    residentKey: 'required',
    requireResidentKey: true,
    userVerification: 'required',
  },
  attestation: 'none',
  extensions: { credProps: true },
});

async function verifyRegistration(
  settings: RelyingPartySettings,
  response: WebAuthnJson,
  check: CheckChallenge,
): ReturnType<WebAuthn['verifyRegistration']> {
  const refused = refusalOf(response, 'webauthn.create', settings, check);
  if (refused) return { refused };
  const { verifyRegistrationResponse } = await library();
  const expected = {
    ...expectationOf(response, settings.rpId),
    supportedAlgorithmIDs: ALGORITHMS,
  };
  const verified = await verifyRegistrationResponse(expected as never).catch(() => undefined);
  if (!verified?.verified) return { refused: 'RESPONSE' };
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } =
    verified.registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    transports: transportsOf(response),
    signCount: credential.counter,
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
    aaguid,
  };
}

async function verifyAssertion(
  settings: RelyingPartySettings,
  response: WebAuthnJson,
  check: CheckChallenge,
  publicKey: string,
): ReturnType<WebAuthn['verifyAssertion']> {
  const refused = refusalOf(response, 'webauthn.get', settings, check);
  if (refused) return { refused };
  const { verifyAuthenticationResponse } = await library();
  const key = new Uint8Array(Buffer.from(publicKey, 'base64url'));
  const expected = {
    ...expectationOf(response, settings.rpId),
    // The use case compares the counter, after it has locked the row.
    credential: { id: response.id, publicKey: key, counter: 0 },
  };
  const verified = await verifyAuthenticationResponse(expected as never).catch(() => undefined);
  if (!verified?.verified) return { refused: 'RESPONSE' };
  const { newCounter, credentialDeviceType, credentialBackedUp } = verified.authenticationInfo;
  return {
    signCount: newCounter,
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
  };
}

const descriptorOf = ({ credentialId, transports }: CredentialDescriptor) => ({
  type: 'public-key',
  id: credentialId,
  transports: [...transports],
});

/** Checks the client data (§5.8.1) before the library is loaded, and what it does not check. */
function refusalOf(
  response: WebAuthnJson,
  type: string,
  { origins, allowsLocalhost }: RelyingPartySettings,
  check: CheckChallenge,
): CredentialRefusal | undefined {
  const data = clientDataOf(response);
  if (data?.type !== type) return 'RESPONSE';
  if (typeof data.challenge !== 'string' || !check(data.challenge)) return 'CHALLENGE';
  const origin = String(data.origin);
  const isOwn = origins.includes(origin) || (allowsLocalhost && LOCALHOST.test(origin));
  // The library accepts a frame of another site if the browser does not name that site.
  if (!isOwn || data.crossOrigin === true || data.topOrigin !== undefined) return 'ORIGIN';
  return undefined;
}

function clientDataOf({ response }: WebAuthnJson): WebAuthnJson | undefined {
  try {
    const { clientDataJSON } = response as { readonly clientDataJSON: string };
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    return typeof data === 'object' && data !== null ? (data as WebAuthnJson) : undefined;
  } catch {
    return undefined;
  }
}

/** Origin and challenge are those that `refusalOf` has accepted. */
const expectationOf = (response: WebAuthnJson, expectedRPID: string) => ({
  response,
  expectedChallenge: () => true,
  expectedOrigin: String(clientDataOf(response)?.origin),
  expectedRPID,
  requireUserVerification: true,
});

/** Known ways to reach an authenticator (§5.8.4). Others would be stored text of the client. */
const TRANSPORTS = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

function transportsOf({ response }: WebAuthnJson): readonly string[] {
  const { transports } = response as { readonly transports?: unknown };
  return Array.isArray(transports) ? TRANSPORTS.filter((each) => transports.includes(each)) : [];
}
