/** The error of a request (RFC 9457). */
export interface Problem {
  readonly code: string;
  /** Messages of each invalid field. */
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  /** Seconds to wait. */
  readonly retry_after?: number;
  /** Seconds to wait after too many wrong codes. */
  readonly unlock_in?: number;
}

/** The problem `MFA_REQUIRED`: a second factor has to complete the sign-in. */
export interface PendingSignIn extends Problem {
  readonly factors: readonly ('TOTP' | 'PASSKEY' | 'RECOVERY_CODE')[];
  readonly challenge_id: string;
  /** Days for which `trust_device` would trust this browser, if it can be. */
  readonly trust_device_days?: number;
}

/** A proof of one factor. */
export interface FactorProof {
  readonly totp?: string;
  readonly recovery_code?: string;
  readonly passkey?: PublicKeyCredentialJSON;
  readonly trust_device: boolean;
}

const url = import.meta.env.VITE_GATEHOUSE_URL ?? 'http://localhost:8000';

/** The refresh token is in a cookie that scripts cannot read. */
let accessToken: string | undefined;
let refreshing: Promise<void> | undefined;

/** Sends a request with the access token. Refreshes it if it has expired. Throws a `Problem`. */
export async function callAsUser<Body>(method: string, path: string): Promise<Body> {
  try {
    return await call(method, path);
  } catch (problem) {
    if ((problem as Problem).code !== 'UNAUTHENTICATED') throw problem;
    await refresh();
    return call(method, path);
  }
}

/** Signs in with the cookie. Throws if there is none. Refreshes once for all callers. */
export function refresh(): Promise<void> {
  refreshing ??= call<Tokens>('POST', '/auth/token/refresh', {})
    .then(keep)
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

interface Tokens {
  readonly access: string;
}

export const sendCode = (email: string) =>
  call<{ challenge_id: string }>('POST', '/auth/otp/request', { email });

/** Signs in, or returns what the second factor of the account has to complete. */
export async function enterCode(
  email: string,
  otp: string,
  challenge_id: string,
): Promise<PendingSignIn | undefined> {
  try {
    keep(await call<Tokens>('POST', '/auth/otp/verify', { email, otp, challenge_id }));
    return undefined;
  } catch (problem) {
    if ((problem as Problem).code !== 'MFA_REQUIRED') throw problem;
    return problem as PendingSignIn;
  }
}

export const enterFactor = (email: string, challenge_id: string, proof: FactorProof) =>
  call<Tokens>('POST', '/auth/factors/verify', { email, challenge_id, ...proof }).then(keep);

/** Asks the browser for a passkey of the account. Throws if there is none. */
export async function askForPasskey(challenge_id: string): Promise<PublicKeyCredentialJSON> {
  const { options } = await call<{ options: PublicKeyCredentialRequestOptionsJSON }>(
    'POST',
    '/auth/passkeys/factor/options',
    { challenge_id },
  );
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  return credential.toJSON();
}

export async function logout(): Promise<void> {
  accessToken = undefined;
  await call('POST', '/auth/logout', {});
}

function keep({ access }: Tokens): void {
  accessToken = access;
}

async function call<Body>(method: string, path: string, body?: object): Promise<Body> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    credentials: 'include',
    headers: {
      'gatehouse-session': 'cookie',
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw answer;
  return answer;
}
