import type { ErrorCode, FactorName } from '../../client/generated/enums.ts';

/** A way to prove an identity. */
export type ProofName = FactorName | 'PASSWORD' | 'CODE';

/** `extensions` of an error of the service. Times are in seconds. */
export interface ErrorExtensions {
  readonly code: ErrorCode;
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  readonly retryAfter?: number;
  readonly unlockIn?: number;
  readonly proofs?: readonly ProofName[];
  readonly factors?: readonly FactorName[];
  readonly challengeId?: string;
  readonly trustDeviceDays?: number;
}

/** Error that the service returned for an operation. */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError';
  readonly code: ErrorCode;
  /** For `BAD_USER_INPUT`: the messages of each invalid field. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** For `RATE_LIMITED`, `LOCKED` and `UNAVAILABLE`: seconds to wait. */
  readonly retryAfter: number | undefined;
  /** For `MFA_REQUIRED` and `STEP_UP_REQUIRED`: one of these proofs is needed. */
  readonly proofs: readonly ProofName[];
  /** For `MFA_REQUIRED`: the sign-in that waits for a factor. */
  readonly challengeId: string | undefined;
  /** For `MFA_REQUIRED`: days for which the browser can be trusted. Undefined if it cannot be. */
  readonly trustDeviceDays: number | undefined;

  constructor(message: string, extensions: ErrorExtensions) {
    const { code, fields = {}, retryAfter, unlockIn } = extensions;
    super(message);
    this.code = code;
    this.fields = fields;
    this.retryAfter = retryAfter ?? unlockIn;
    this.proofs = extensions.proofs ?? extensions.factors ?? [];
    this.challengeId = extensions.challengeId;
    this.trustDeviceDays = extensions.trustDeviceDays;
  }
}

/** Returns whether a thrown error is of the service and has this code. */
export function hasCode(error: unknown, code: ErrorCode): error is GatehouseError {
  return error instanceof GatehouseError && error.code === code;
}
