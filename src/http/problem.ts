import {
  AuthError,
  type ErrorCode,
  type ErrorDetails,
  STEP_UP_LIFETIME,
  unavailable,
} from '../errors/auth-error.ts';
import { isOutage, traceOf } from '../errors/outage.ts';
import { NotStarted, OverloadedError } from '../errors/overloaded.ts';
import { type ProblemName, problemTypes } from '../errors/problem-types.ts';
import type { Log } from '../ports/logger.ts';

/** An error in the form that every transport returns. */
export interface Problem extends ErrorDetails {
  readonly name: ProblemName;
  readonly code: ErrorCode;
  readonly status: number;
  /** Human-readable; contains nothing that the client sent. */
  readonly detail: string;
}

/** An error with its problem type. Some problem types share a code. */
export class ProblemError extends AuthError {
  readonly problem: ProblemName;

  constructor(problem: ProblemName, detail: string, details: ErrorDetails = {}) {
    super(problemTypes[problem].code, detail, details);
    this.problem = problem;
  }
}

/** Creates a problem of this type. */
export function problem(name: ProblemName, detail: string, details: ErrorDetails = {}): Problem {
  const { code, status } = problemTypes[name];
  return { name, code, status, detail, ...details };
}

/** Converts any error into a problem that the client may see. Logs outages and bugs. */
export function toProblem(error: unknown, log: Log): Problem {
  const visible = visibleError(error, log);
  const { code, message, details } = visible;
  const name = visible instanceof ProblemError ? visible.problem : nameOf(code);
  return { ...problem(name, message, details), code };
}

/** Returns the error that the client may see. Logs outages and bugs. */
export function visibleError(error: unknown, log: Log): AuthError {
  if (error instanceof AuthError) return error;
  if (error instanceof OverloadedError) return unavailable(error, error.retryAfter);
  if (error instanceof NotStarted && error.cause instanceof AuthError) return error.cause;
  if (isOutage(error)) {
    log.warn(traceOf(error), 'PostgreSQL or Redis is unavailable');
    return unavailable();
  }
  log.error(traceOf(error), 'unexpected error');
  return new AuthError('INTERNAL_SERVER_ERROR', 'Something went wrong');
}

/** Returns the type with the name of a code. Codes without a type are those of GraphQL requests. */
function nameOf(code: ErrorCode): ProblemName {
  const name = code.toLowerCase().replaceAll('_', '-');
  return name in problemTypes ? (name as ProblemName) : 'bad-request';
}

/** Writes a problem document (RFC 9457). `type` is the URL of the page about the problem. */
export function problemDocument(problem: Problem, baseUrl: string): string {
  const { name, code, status, detail, fields, retryAfter, unlockIn, proofs, factors } = problem;
  const { title } = problemTypes[name];
  const common = { type: `${baseUrl}/problems/${name}`, title, status, detail, code };
  const waits = { retry_after: retryAfter, unlock_in: unlockIn };
  const challenge = {
    challenge_id: problem.challengeId,
    expires_in: problem.expiresIn,
    trust_device_days: problem.trustDeviceDays,
  };
  // Clients of the replaced service read the messages of fields from the top level.
  return JSON.stringify({
    ...common,
    ...challenge,
    ...fields,
    errors: fields,
    proofs,
    factors,
    ...waits,
  });
}

const bearer = 'Bearer realm="api"';

/** Values of `WWW-Authenticate` (RFC 9110 §11.6.1; for a step-up, RFC 9470 §3). */
export const challenges = {
  signIn: bearer,
  stepUp: `${bearer}, error="insufficient_user_authentication", error_description="A recent step-up is required", max_age="${STEP_UP_LIFETIME}"`,
} as const;

/** Returns the headers that belong to a problem document. */
export function problemHeaders({
  code,
  status,
  retryAfter,
  unlockIn,
}: Problem): Record<string, string> {
  const wait = retryAfter ?? unlockIn;
  return {
    'content-type': 'application/problem+json',
    ...(wait !== undefined && { 'retry-after': String(wait) }),
    ...(status === 401 && {
      'www-authenticate': challenges[code === 'STEP_UP_REQUIRED' ? 'stepUp' : 'signIn'],
    }),
  };
}

/** Returns the body of a GraphQL response to a request that is rejected as a whole. */
export function graphqlBody({ code, detail, fields, retryAfter, unlockIn }: Problem) {
  const details = { fields, retryAfter, unlockIn };
  return { errors: [{ message: detail, extensions: { code, ...details } }] };
}
