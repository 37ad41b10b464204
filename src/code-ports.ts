import type { Budget, Refusal } from './ports.ts';

/** Ports for one-time codes; beside `ports.ts`. */

/** A code challenge is either for signing in or for setting a new password, never for both. */
export type ChallengePurpose = 'SIGN_IN' | 'RESET_PASSWORD';

/** What a challenge remembers of how it was asked for. */
export interface ChallengeOrigin {
  /** The asking client's IP prefix. */
  readonly client: string;
  /** Fingerprint of the password that matched, where it was asked for by `login`. */
  readonly passwordMark: string | null;
  /** Sealed password hash and names, where it was asked for by `register`. */
  readonly registration: string | null;
  /** Of the account when it was asked for; a later epoch ends the challenge. 0 without account. */
  readonly epoch: number;
}

export interface Challenge extends ChallengeOrigin {
  readonly id: string;
  readonly purpose: ChallengePurpose;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface NewChallenge extends ChallengeOrigin {
  readonly purpose: ChallengePurpose;
  readonly address: string;
  /** Whether the asking client is known to the address. */
  readonly known: boolean;
  /** A challenge that no code answers. It consumes limits, and never becomes the newest one. */
  readonly decoy: boolean;
}

export interface CodeAttempt {
  readonly purpose: ChallengePurpose;
  readonly address: string;
  readonly code: string;
  /**
   * Without it, the code is compared with two challenges of the address and purpose: the newest that
   * a known client asked for, and the newest that an unknown client asked for.
   */
  readonly challengeId: string | null;
  /** The attempting client's IP prefix. */
  readonly client: string;
  /** Whether the address has had a session from there lately: guesses are counted apart. */
  readonly known: boolean;
}

/** A challenge and its code, which is known nowhere else. */
export interface CreatedCode {
  readonly request: NewChallenge;
  readonly challenge: Challenge;
  readonly code: string;
}

export interface Redeemed {
  /** Undefined when the code was wrong. */
  readonly challenge: Challenge | undefined;
  readonly refusal?: undefined;
}

export interface Refused {
  readonly refusal: Refusal;
}

/** One-time codes: 6 digits, one use, kept only as a keyed hash (ASVS 5.0 6.5.1 to 6.5.5). */
export interface OneTimeCodes {
  /** Creates a challenge and its code. The code is good from `issue` on. */
  create(request: NewChallenge): CreatedCode;
  /**
   * Consumes the limits and stores the challenge as the newest one, in one atomic step.
   *
   * @returns the limit that is used up; nothing was stored or consumed then
   */
  issue(created: CreatedCode, take: readonly Budget[]): Promise<Refusal | undefined>;
  /**
   * Consumes the limits and one of the challenge's own guesses, compares and, if the code is right,
   * spends it: all in one atomic step. The attempt stays counted until `settle`. A challenge without
   * a guess left refuses the right code too. A code that the same client has redeemed a moment ago
   * is wrong, and is not counted.
   */
  redeem(attempt: CodeAttempt, take: readonly Budget[]): Promise<Redeemed | Refused>;
  /** Ends a redeemed challenge, and gives limits back: what its code is for is done. Never rejects. */
  settle(attempt: CodeAttempt, challenge: Challenge, giveBack: readonly Budget[]): Promise<void>;
  /**
   * Makes a redeemed challenge good again: what its code was for could not be done. The attempt and
   * all guesses stay counted. Never rejects.
   */
  restore(attempt: CodeAttempt, challenge: Challenge): Promise<void>;
  /** Whether the challenge could still be redeemed. */
  isLive(address: string, challengeId: string): Promise<boolean>;
}
