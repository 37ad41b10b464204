import { parse, validate } from 'graphql';
import { visibleError } from '../http/problem.ts';
import type { RequestState } from '../http/request-state.ts';
import type { Operation } from '../ports/operation.ts';
import { originOf } from './errors.ts';
import { findOperation, runOperation, type ValidOperation } from './execution.ts';
import type { RequestContext } from './graphql-context.ts';
import { schema } from './schema.ts';

/**
 * Makes operations that run in process. Context, scopes, validation, limits and masking are those
 * of GraphQL requests. Each one is parsed and validated at its first use: all of them at once
 * would slow the start.
 */
export function createOperations(
  context: (state: RequestState) => RequestContext,
): (text: string) => Operation<RequestState> {
  return (text) => {
    let operation: ValidOperation | undefined;
    return async (state, variables) => {
      operation ??= readOperation(text);
      const { data, errors } = await runOperation(operation, variables, context(state), {});
      if (data && !errors) return Object.values(data)[0];
      throw visibleError(originOf(errors?.[0]), state.log);
    };
  };
}

/** @throws if the text is not one operation of the schema */
export function readOperation(text: string): ValidOperation {
  const document = parse(text);
  const [misfit] = validate(schema, document);
  const operation = findOperation(document, undefined);
  if (misfit || !operation) throw misfit ?? new Error(`${text} is not one operation`);
  return operation;
}
