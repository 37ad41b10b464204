import type { GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Log } from '../ports/logger.ts';
import type { Operation, OperationRequest, Refused } from '../ports/operation.ts';
import { publicError } from './errors.ts';
import type { RequestContext } from './graphql-context.ts';

/**
 * Makes operations that run in process, through the endpoint's own pipeline: the same context,
 * scopes, validation, limits and masking as over HTTP.
 *
 * @returns prepares one operation; it throws at once when the operation does not fit the schema
 */
export function createOperations(
  endpoint: YogaServerInstance<OperationRequest, RequestContext>,
  logOf: (request: OperationRequest) => Log,
): (operation: string) => Operation {
  return (operation) => {
    const { parse, validate, schema } = endpoint.getEnveloped();
    const [misfit] = validate(schema, parse(operation)) as GraphQLError[];
    if (misfit) throw misfit;

    return async (request, variables) => {
      const params = { query: operation, variables };
      const enveloped = endpoint.getEnveloped({ ...request, params, waitUntil() {} });
      const document = enveloped.parse(operation);
      const result = await enveloped.execute({
        schema: enveloped.schema,
        document,
        contextValue: await enveloped.contextFactory(),
        variableValues: variables,
      });
      const [error] = result.errors ?? [];
      if (!error) return { data: result.data };
      const { message, extensions } = publicError(error, logOf(request));
      return { refusal: { message, ...extensions } as unknown as Refused };
    };
  };
}
