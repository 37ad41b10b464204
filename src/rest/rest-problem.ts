import { AuthError, type FieldMessages } from '../errors/auth-error.ts';
import { ProblemError } from '../http/problem.ts';
import { restName } from './field-names.ts';

/** An error that is found before the operation runs. */
export class InvalidRequest extends ProblemError {}

export const invalidInput = (fields: FieldMessages): InvalidRequest =>
  new InvalidRequest('bad-user-input', 'The input is invalid', { fields });

/**
 * Converts the field names in an operation's error to those of REST. A nested field has its
 * innermost name; messages about the whole input have the name that the replaced service used.
 */
export function withRestNames(error: unknown): unknown {
  if (!(error instanceof AuthError) || !error.details.fields) return error;
  const fields = Object.entries(error.details.fields).map(([path, messages]) => [
    restName(path.split('.').at(-1) ?? '') || 'non_field_errors',
    messages,
  ]);
  return new AuthError(error.code, error.message, { fields: Object.fromEntries(fields) });
}
