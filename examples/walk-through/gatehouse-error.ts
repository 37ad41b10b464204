import type { ErrorCode } from '../../client/generated/enums.ts';

/** `extensions` of an error of the service. Times are in seconds. */
export interface ErrorExtensions {
  readonly code: ErrorCode;
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  readonly retryAfter?: number;
  readonly unlockIn?: number;
  readonly challengeId?: string;
}

/** Error that the service returned for an operation. */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError';
  readonly code: ErrorCode;
  /** For `BAD_USER_INPUT`: the messages of each invalid field. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** For `RATE_LIMITED`, `LOCKED` and `UNAVAILABLE`: seconds to wait. */
  readonly retryAfter: number | undefined;
  /** For `MFA_REQUIRED`: the challenge that a second factor completes. */
  readonly challengeId: string | undefined;

  constructor(message: string, extensions: ErrorExtensions) {
    super(message);
    const { code, fields = {}, retryAfter, unlockIn, challengeId } = extensions;
    this.challengeId = challengeId;
    this.code = code;
    this.fields = fields;
    this.retryAfter = retryAfter ?? unlockIn;
  }
}

/** Returns whether a thrown error is of the service and has this code. */
export function hasCode(error: unknown, code: ErrorCode): error is GatehouseError {
  return error instanceof GatehouseError && error.code === code;
}
