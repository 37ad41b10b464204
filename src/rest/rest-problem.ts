import type { FieldMessages } from '../errors/auth-error.ts';
import { type ProblemName, problemTypes } from '../errors/problem-types.ts';
import { problem, problemResponse } from '../http/problem.ts';
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

/** Creates the response with the problem document. */
export function asProblem({ problem: name, message, refusal }: RestProblem, baseUrl: string) {
  const { fields, retryAfter, unlockIn } = refusal;
  const details = {
    ...(fields && { fields }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(unlockIn !== undefined && { unlockIn }),
  };
  return problemResponse(problem(name, message, details), baseUrl);
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
