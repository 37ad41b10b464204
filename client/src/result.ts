import type { ErrorCode, FactorName } from '../generated/enums.ts';

interface Failure<Code extends string> {
  readonly code: Code;
  /** English text for developers. Do not parse it. */
  readonly message: string;
}

const waitCodes: readonly string[] = ['RATE_LIMITED', 'LOCKED', 'UNAVAILABLE'] satisfies WaitCode[];

type WaitCode = 'RATE_LIMITED' | 'LOCKED' | 'UNAVAILABLE';
type DetailedCode = WaitCode | 'BAD_USER_INPUT' | 'STEP_UP_REQUIRED' | 'MFA_REQUIRED';

/** The input is invalid. */
interface InvalidInput extends Failure<'BAD_USER_INPUT'> {
  /** Messages of each invalid field, by its path inside the input. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** The client has to wait. */
interface Wait extends Failure<WaitCode> {
  /** Seconds to wait. */
  readonly retryAfter: number;
}

/** The session has to confirm the identity first, with `stepUp`. */
interface StepUpRequired extends Failure<'STEP_UP_REQUIRED'> {
  readonly proofs: readonly ('PASSWORD' | 'CODE' | FactorName)[];
}

/** The code was right, and `verifyFactor` has to complete the sign-in. */
interface MfaRequired extends Failure<'MFA_REQUIRED'> {
  readonly factors: readonly FactorName[];
  /** Identifies the sign-in, for `verifyFactor`. */
  readonly challengeId: string;
  /** Seconds until the sign-in has to start again. */
  readonly expiresIn: number;
  /** Days for which `trustDevice` would trust this browser. Undefined if it cannot be trusted. */
  readonly trustDeviceDays: number | undefined;
}

/** The response was lost, came too late, or is not from Gatehouse. The operation may have run. */
interface NetworkError extends Failure<'NETWORK_ERROR'> {
  readonly cause?: unknown;
}

/** Every error of an operation. `code` tells them apart. */
export type GatehouseError =
  | InvalidInput
  | Wait
  | StepUpRequired
  | MfaRequired
  | NetworkError
  | Failure<Exclude<ErrorCode, DetailedCode>>;

/** The result of an operation. Operations never throw. */
export type Result<Data> =
  | { readonly ok: true; readonly data: Data; readonly error?: undefined }
  | { readonly ok: false; readonly error: GatehouseError; readonly data?: undefined };

export const success = <Data>(data: Data): Result<Data> => ({ ok: true, data });

/** An error of a GraphQL response. Seconds in `retryAfter` and `unlockIn`. */
export interface ResponseError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: ErrorCode;
    readonly fields?: InvalidInput['fields'];
    readonly proofs?: StepUpRequired['proofs'];
    readonly factors?: MfaRequired['factors'];
    readonly challengeId?: string;
    readonly expiresIn?: number;
    readonly trustDeviceDays?: number;
    readonly retryAfter?: number;
    readonly unlockIn?: number;
  };
}

export function failure({ message, extensions = {} }: ResponseError): Result<never> {
  const { code = 'INTERNAL_SERVER_ERROR', fields = {}, proofs = [] } = extensions;
  const { retryAfter = extensions.unlockIn ?? 1 } = extensions;
  const error = {
    code,
    message,
    ...(code === 'BAD_USER_INPUT' && { fields }),
    ...(code === 'STEP_UP_REQUIRED' && { proofs }),
    ...(code === 'MFA_REQUIRED' && { factors: [], challengeId: '', expiresIn: 0, ...extensions }),
    ...(waitCodes.includes(code) && { retryAfter }),
  };
  return { ok: false, error: error as GatehouseError };
}

export const networkError = (message: string, cause?: unknown): Result<never> => ({
  ok: false,
  error: { code: 'NETWORK_ERROR', message, cause },
});
