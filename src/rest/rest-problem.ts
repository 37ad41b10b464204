import type { FieldMessages } from '../errors/auth-error.ts';
import { type ProblemName, problemTypes } from '../errors/problem-types.ts';
import { problem } from '../http/problem.ts';
import type { Refused } from '../ports/operation.ts';
import { restName } from './field-names.ts';

/** Why a route does not answer as it was asked to. */
export class RestProblem extends Error {
  override readonly name = 'RestProblem';
  readonly problem: ProblemName;
  readonly refusal: Partial<Refused>;

  constructor(problem: ProblemName, message: string, refusal: Partial<Refused> = {}) {
    super(message);
    this.problem = problem;
    this.refusal = refusal;
  }

  /** A refusal by the operation. */
  static of(refusal: Refused): RestProblem {
    const fields = refusal.fields && withRestNames(refusal.fields);
    return new RestProblem(nameOf(refusal.code), refusal.message, {
      ...refusal,
      ...(fields && { fields }),
    });
  }
}

export const invalidInput = (fields: FieldMessages): RestProblem =>
  new RestProblem('bad-user-input', 'The input is not valid', { fields });

/** The problem document, with what callers of the replaced service look for beside it. */
export function asProblem(error: RestProblem, baseUrl: string): Response {
  const { fields, retryAfter, unlockIn } = error.refusal;
  const wait = retryAfter ?? unlockIn;
  return problem(baseUrl, error.problem, error.message, {
    members: {
      ...fields,
      ...(fields && { errors: fields }),
      ...(retryAfter !== undefined && { retry_after: retryAfter }),
      ...(unlockIn !== undefined && { unlock_in: unlockIn }),
    },
    headers: {
      ...(wait !== undefined && { 'retry-after': String(wait) }),
      // RFC 9110 §11.6.1: a 401 names how to do it right.
      ...(problemTypes[error.problem].status === 401 && {
        'www-authenticate': 'Bearer realm="api"',
      }),
    },
  });
}

function nameOf(code: string): ProblemName {
  const name = code.toLowerCase().replaceAll('_', '-');
  return Object.hasOwn(problemTypes, name) ? (name as ProblemName) : 'internal-server-error';
}

/** Of a nested field the innermost name counts; the input as a whole has the name it always had. */
const withRestNames = (fields: FieldMessages): FieldMessages =>
  Object.fromEntries(
    Object.entries(fields).map(([path, messages]) => [
      restName(path.split('.').at(-1) ?? '') || 'non_field_errors',
      messages,
    ]),
  );
