import type { GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import { visibleError } from '../http/problem.ts';
import { stateOf } from '../http/request-state.ts';
import type { Operation, OperationRequest } from '../ports/operation.ts';
import { originOf } from './errors.ts';
import type { RequestContext } from './graphql-context.ts';

/**
 * Makes operations that run in process, through the pipeline of the endpoint: context, scopes,
 * validation, limits and masking are those of HTTP requests.
 */
export function createOperations(
  endpoint: YogaServerInstance<OperationRequest, RequestContext>,
): (operation: string) => Operation {
  return (operation) => {
    const { parse, validate, schema } = endpoint.getEnveloped();
    const [misfit] = validate(schema, parse(operation)) as GraphQLError[];
    if (misfit) throw misfit;

    return async (request, variables) => {
      const params = { query: operation, variables };
      const enveloped = endpoint.getEnveloped({ ...request, params, waitUntil() {} });
      const document = enveloped.parse(operation);
      const { data, errors } = await enveloped.execute({
        schema: enveloped.schema,
        document,
        contextValue: await enveloped.contextFactory(),
        variableValues: variables,
      });
      if (!errors) return Object.values(data)[0];
      throw visibleError(originOf(errors[0]), stateOf(request.req).log);
    };
  };
}
