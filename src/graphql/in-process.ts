import { parse, validate } from 'graphql';
import { visibleError } from '../http/problem.ts';
import type { RequestState } from '../http/request-state.ts';
import type { Operation } from '../ports/operation.ts';
import { originOf } from './errors.ts';
import { findOperation, runOperation } from './execution.ts';
import type { RequestContext } from './graphql-context.ts';
import { schema } from './schema.ts';

/**
 * Makes operations that run in process. Context, scopes, validation, limits and masking are those
 * of GraphQL requests.
 */
export function createOperations(
  context: (state: RequestState) => RequestContext,
): (text: string) => Operation<RequestState> {
  return (text) => {
    const document = parse(text);
    const [misfit] = validate(schema, document);
    const operation = findOperation(document, undefined);
    if (misfit || !operation) throw misfit ?? new Error(`${text} is not one operation`);

    return async (state, variables) => {
      const { data, errors } = await runOperation(operation, variables, context(state), {});
      if (data && !errors) return Object.values(data)[0];
      throw visibleError(originOf(errors?.[0]), state.log);
    };
  };
}
