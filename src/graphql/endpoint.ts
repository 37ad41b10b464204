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
import type { Log } from '../ports/logger.ts';
import type { RequestRecord } from '../ports/operation.ts';
import { acceptRequests, responseType } from './accept-requests.ts';
import { enforceBounds } from './bounds.ts';
import { checkVariables, refusedResult } from './coercion.ts';
import { publicError } from './errors.ts';
import type { RequestContext } from './graphql-context.ts';
import { operationLabel } from './operation-label.ts';
import { schema } from './schema.ts';

export interface EndpointOptions<ServerContext> {
  readonly config: Config;
  /** With the id of the request. */
  readonly logOf: (server: ServerContext) => Log;
  /** Returns the log record of a request, which is written once the response is sent. */
  readonly recordOf: (server: ServerContext) => RequestRecord;
  readonly contextOf: (server: ServerContext & { request: Request }) => RequestContext;
}

/**
 * Documents are kept parsed and validated. Yoga keeps a thousand, and a thousand errors: unknown clients
 * could fill 200 MB with them.
 */
const cache = () => ({
  documentCache: new LRUCache<string, DocumentNode>({ max: 100 }),
  errorCache: { get: () => undefined, set() {} },
});

/** The GraphQL endpoint: Yoga, with every error turned into one of the closed set. */
export function createEndpoint<ServerContext extends Record<string, unknown>>(
  options: EndpointOptions<ServerContext>,
): YogaServerInstance<ServerContext, RequestContext> {
  const { config, contextOf } = options;
  return createYoga<ServerContext, RequestContext>({
    schema,
    logging: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY,
    cors: false,
    graphiql: false,
    context: contextOf,
    // `answerErrors` is the one door out.
    maskedErrors: false,
    parserAndValidationCache: cache(),
    plugins: [
      acceptRequests(options),
      enforceBounds(config),
      answerErrors(options),
      ...(config.introspection ? [] : [closedSchema()]),
    ],
  });
}

/** Says per field what is wrong with variables, and lets no error out as it is. */
function answerErrors<ServerContext extends Record<string, unknown>>({
  config,
  logOf,
  recordOf,
}: EndpointOptions<ServerContext>): Plugin<object, ServerContext> {
  const tellAll = config.environment === 'development';
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues, contextValue } = args;
      recordOf(contextValue as unknown as ServerContext).operation = operationLabel(
        document,
        operationName,
      );
      try {
        checkVariables(schema, document, operationName, variableValues ?? {});
      } catch (error) {
        setResultAndStopExecution(refusedResult(error));
      }
    },
    onResultProcess({ request, result, setResult, setResultProcessor, serverContext }) {
      const type = responseType(request.headers.get('accept')) ?? 'application/json';
      setResultProcessor(processRegularResult, type);
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return;
      const log = logOf(serverContext);
      const errors = result.errors.map((error) => publicError(error, log, tellAll));
      setResult({ ...result, errors });
      const codes = new Set(errors.map(({ extensions }) => extensions.code));
      recordOf(serverContext).code = [...codes].join();
    },
  };
}

function closedSchema(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}
