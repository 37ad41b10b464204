import { type DocumentNode, NoSchemaIntrospectionCustomRule } from 'graphql';
import {
  createYoga,
  type Plugin,
  processRegularResult,
  type YogaServerInstance,
} from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/load-config.ts';
import { MAX_BODY } from '../http/json-body.ts';
import { stateOf } from '../http/request-state.ts';
import type { OperationRequest } from '../ports/operation.ts';
import { acceptRequests, responseType } from './accept-requests.ts';
import { enforceBounds } from './bounds.ts';
import { checkVariables, errorResult } from './coercion.ts';
import { publicError } from './errors.ts';
import type { RequestContext } from './graphql-context.ts';
import { operationLabel } from './operation-label.ts';
import { schema } from './schema.ts';

/** Creates the GraphQL endpoint. Every error that it returns has one of the error codes. */
export const createEndpoint = (
  config: Config,
  context: (request: OperationRequest) => RequestContext,
): YogaServerInstance<OperationRequest, RequestContext> =>
  createYoga<OperationRequest, RequestContext>({
    schema,
    logging: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY,
    cors: false,
    graphiql: false,
    context,
    // `maskErrors` replaces it.
    maskedErrors: false,
    // Unknown clients could fill Yoga's own cache with 200 MB of documents and errors.
    parserAndValidationCache: {
      documentCache: new LRUCache<string, DocumentNode>({ max: 100 }),
      errorCache: { get: () => undefined, set() {} },
    },
    plugins: [
      acceptRequests(config),
      enforceBounds(config),
      maskErrors(config),
      ...(config.introspection ? [] : [rejectIntrospection]),
    ],
  });

/** Describes errors of variables by field, and masks all other errors. */
function maskErrors(config: Config): Plugin<object, OperationRequest> {
  const tellAll = config.environment === 'development';
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues, contextValue } = args;
      const { record } = stateOf((contextValue as unknown as OperationRequest).req);
      record.operation = operationLabel(document, operationName);
      try {
        checkVariables(schema, document, operationName, variableValues ?? {});
      } catch (error) {
        setResultAndStopExecution(errorResult(error));
      }
    },
    onResultProcess({ request, result, setResult, setResultProcessor, serverContext }) {
      const type = responseType(request.headers.get('accept')) ?? 'application/json';
      setResultProcessor(processRegularResult, type);
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return;
      const { log, record } = stateOf(serverContext.req);
      const errors = result.errors.map((error) => publicError(error, log, tellAll));
      setResult({ ...result, errors });
      record.code = [...new Set(errors.map(({ extensions }) => extensions.code))].join();
    },
  };
}

const rejectIntrospection: Plugin = {
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
};
