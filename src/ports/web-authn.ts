/** JSON of a WebAuthn dictionary, such as `PublicKeyCredentialCreationOptionsJSON` (Level 3 §5.1). */
export type WebAuthnJson = Readonly<Record<string, unknown>>;

/** An operation that a challenge is for. A challenge of one never serves another. */
export type PasskeyPurpose = 'REGISTER' | 'SIGN_IN' | 'STEP_UP' | 'SECOND_FACTOR';

/** A challenge that was genuine and has not expired. */
export interface PasskeyChallenge {
  /** Identifies it among the redeemed challenges: it works once. At most 49 characters. */
  readonly id: string;
}

/**
 * Challenges of ceremonies. They carry their expiry and a keyed hash, so that nothing is stored until
 * one is redeemed: no client can fill a store by asking for them.
 */
export interface PasskeyChallenges {
  /** Lifetime in seconds. */
  readonly lifetime: number;
  /**
   * Creates a challenge in base64url.
   *
   * @param owner the session that asks, or the challenge of `MFA_REQUIRED`; empty before a sign-in.
   *   No other can redeem it
   */
  issue(purpose: PasskeyPurpose, owner: string, now: Date): string;
  /** Returns undefined for a challenge of another purpose, owner or server, and for an expired one. */
  read(
    challenge: string,
    purpose: PasskeyPurpose,
    owner: string,
    now: Date,
  ): PasskeyChallenge | undefined;
}

/** The account as an authenticator shows it (§5.4.3). */
export interface PasskeyOwner {
  /** User handle: base64url, without personal data (§14.6.1). */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

/** A credential of an authenticator. */
export interface CredentialDescriptor {
  /** Credential ID in base64url. */
  readonly credentialId: string;
  /** Ways to reach the authenticator, as the browser reported them. */
  readonly transports: readonly string[];
}

/** The state of a credential after a ceremony. */
export interface CredentialState {
  /** Signature counter; 0 if the authenticator has none. */
  readonly signCount: number;
  /** Whether it may be synced to other devices. Never changes. */
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/** A new credential. */
export interface NewCredential extends CredentialDescriptor, CredentialState {
  /** COSE key in base64url. */
  readonly publicKey: string;
  /** Model of the authenticator, unverified; zeros if it is not disclosed. */
  readonly aaguid: string;
}

/**
 * Why a response was refused: `CHALLENGE` (expired, used, or of another purpose), `ORIGIN` (another
 * page, or a frame of one), or `RESPONSE` (signature, RP ID or flags).
 */
export type CredentialRefusal = 'CHALLENGE' | 'ORIGIN' | 'RESPONSE';

type Checked<T> = Promise<T | { readonly refused: CredentialRefusal }>;

/** Checks a challenge of the client data. */
export type CheckChallenge = (challenge: string) => boolean;

/** The relying party of WebAuthn Level 3 (§7). Requires user verification, never attestation. */
export interface WebAuthn {
  readonly rpId: string;
  /** Options for `navigator.credentials.create()`: a discoverable credential. */
  creationOptions(
    owner: PasskeyOwner,
    challenge: string,
    exclude: readonly CredentialDescriptor[],
  ): WebAuthnJson;
  /** Options for `navigator.credentials.get()`. Without `allowed`: any discoverable credential. */
  requestOptions(challenge: string, allowed?: readonly CredentialDescriptor[]): WebAuthnJson;
  /** Verifies the response of `create()` (§7.1). */
  verifyRegistration(response: WebAuthnJson, check: CheckChallenge): Checked<NewCredential>;
  /** Verifies the response of `get()` (§7.2), except the counter, which needs a lock. */
  verifyAssertion(
    response: WebAuthnJson,
    check: CheckChallenge,
    publicKey: string,
  ): Checked<CredentialState>;
}
