import type { FactorName } from '../errors/auth-error.ts';
import type { Clock } from './clock.ts';
import type { Notice } from './mail-order.ts';
import type { Metrics } from './metrics.ts';
import type { Sql, SqlTransaction } from './sql.ts';
import type { AuthMethod } from './tokens.ts';
import type { PasskeyChallenges, WebAuthn } from './web-authn.ts';

/** A proof that the client sent, and where it sent it. */
export interface FactorProof {
  /** The value of the input's field for the kind: a code as text, or a passkey's response. */
  readonly value: unknown;
  /** The challenge of a sign-in, or the session of a step-up. */
  readonly challengeId: string | null;
  readonly sessionId: string | null;
}

/** The transaction in which a proof is verified and spent, and what verifies passkeys. */
export interface FactorTransaction {
  readonly sql: SqlTransaction;
  readonly clock: Clock;
  readonly webAuthn: WebAuthn;
  readonly passkeyChallenges: PasskeyChallenges;
  readonly metrics: Metrics;
  readonly afterCommit: (() => void)[];
}

/** Details that an audit event about a factor adds, such as why a passkey was refused. */
export type FactorDetails = Readonly<Record<string, string>>;

/** The outcome of a proof. */
export interface FactorOutcome {
  readonly isRight: boolean;
  readonly details?: FactorDetails;
  /** A notice that the owner gets about a wrong proof. */
  readonly notice?: Notice;
}

/** A kind of second factors: what an account can have, and how it proves it. */
export interface FactorKind {
  readonly name: FactorName;
  /** Methods of the proof in the claim `amr` (RFC 8176). */
  readonly amr: readonly AuthMethod[];
  /** Whether it only stands in for a lost factor: it protects no account by itself. */
  readonly isBackup: boolean;
  /** Whether a proof has so few values that guesses are also limited over all clients. */
  readonly isGuessable: boolean;
  /** Returns whether an account has a factor of this kind. */
  isEnrolled(sql: Sql, accountId: string): Promise<boolean>;
  /** Verifies a proof of a locked account, and spends it: it is right once. */
  verify(tx: FactorTransaction, accountId: string, proof: FactorProof): Promise<FactorOutcome>;
  /**
   * Removes the factors of this kind from a locked account: all, or those enrolled from a time on.
   * Returns details of each factor, for its audit event; none of backups.
   */
  remove(sql: Sql, accountId: string, since: Date | null): Promise<readonly FactorDetails[]>;
}
