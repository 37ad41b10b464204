import type { RateLimit, RateLimitExceeded } from './rate-limits.ts';

/**
 * Signing in, setting a new password, a step-up, or confirming a new address. A code of one purpose
 * never serves another.
 */
export type MailedPurpose = 'SIGN_IN' | 'RESET_PASSWORD' | 'CONFIRM' | 'CHANGE_EMAIL';

/** The purpose of a challenge: that of a mailed code, or the second factor of a sign-in. */
export type ChallengePurpose = MailedPurpose | 'FACTOR';

/** Identifies the password of an account. SHA-256 in base64url. */
export interface PasswordFingerprint {
  /** Undefined if a server of release 0.2 issued the challenge. */
  readonly saltAndTag: string | undefined;
  /** For servers of release 0.2, which compare nothing else. */
  readonly wholeHash: string;
}

interface ChallengeOrigin {
  readonly purpose: ChallengePurpose;
  /** IP prefix of the requesting client. */
  readonly client: string;
  /** Fingerprint of the password that matched, if `login` requested the challenge. */
  readonly passwordFingerprint: PasswordFingerprint | null;
  /** Encrypted password hash and names, if `register` requested the challenge. */
  readonly registration: string | null;
  /** Challenge generation of the account at the request; a later one ends it. 0 without account. */
  readonly generation: number;
  /** Session that requested a `CONFIRM` or `CHANGE_EMAIL` challenge. No other can redeem it. */
  readonly sessionId: string | null;
}

export interface Challenge extends ChallengeOrigin {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface NewChallenge extends ChallengeOrigin {
  readonly address: string;
  /** Whether the client is known to the address. */
  readonly known: boolean;
  /** Whether it is a decoy: it consumes limits, but has no code and never becomes the newest. */
  readonly decoy: boolean;
}

export interface CodeAttempt extends Pick<NewChallenge, 'purpose' | 'address' | 'known'> {
  readonly code: string;
  /** If null, the code is compared with the newest challenges of known and unknown clients. */
  readonly challengeId: string | null;
  /** IP prefix of the attempting client. */
  readonly client: string;
}

/** Limits on the mails of an address, and of the mailbox that it leads to. */
export interface MailLimits {
  readonly address: readonly RateLimit[];
  readonly mailbox: readonly RateLimit[];
}

/** A challenge and its code, which is stored nowhere else. */
export interface CreatedCode {
  readonly request: NewChallenge;
  readonly challenge: Challenge;
  readonly code: string;
}

/** The challenge is undefined if the code was wrong. */
export type Redeemed = { readonly challenge: Challenge | undefined; readonly exceeded?: undefined };

/** One-time codes: 6 digits, one use, stored only as a keyed hash (ASVS 5.0 6.5.1 to 6.5.5). */
export interface OneTimeCodes {
  /** Creates a challenge and its code. The code is valid from `issue` on. */
  create(request: NewChallenge): CreatedCode;
  /**
   * Returns what `issue` would return, if this process knows that a limit of the address or mailbox
   * was used up recently. Otherwise returns undefined without asking Redis.
   */
  check(created: CreatedCode, limits: MailLimits): Promise<RateLimitExceeded | undefined>;
  /**
   * Consumes the limits and stores the challenge as the newest one, in one atomic step.
   *
   * @returns the limit that is used up; nothing was stored or consumed then
   */
  issue(created: CreatedCode, limits: MailLimits): Promise<RateLimitExceeded | undefined>;
  /**
   * Consumes the limits and one of the challenge's own guesses, compares the code and, if it is
   * right, marks the challenge as used: all in one atomic step. The attempt stays counted until
   * `settle`. A challenge without guesses left rejects the right code too. A code that the same
   * client redeemed moments ago is wrong, and is not counted.
   */
  redeem(
    attempt: CodeAttempt,
    limits: readonly RateLimit[],
  ): Promise<Redeemed | { readonly exceeded: RateLimitExceeded }>;
  /** Deletes a redeemed challenge and refunds limits after a success. Never rejects. */
  settle(attempt: CodeAttempt, challenge: Challenge, limits: readonly RateLimit[]): Promise<void>;
  /** Makes a redeemed challenge valid again after a failure. Keeps all counts. Never rejects. */
  restore(attempt: CodeAttempt, challenge: Challenge): Promise<void>;
  /** Returns whether the challenge could still be redeemed. */
  isLive(address: string, challengeId: string): Promise<boolean>;
}
