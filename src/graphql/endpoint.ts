import { type DocumentNode, NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/load-config.ts';
import { MAX_BODY } from '../http/json-body.ts';
import type { Handler } from '../http/request-state.ts';
import { acceptRequests, type YogaRequest } from './accept-requests.ts';
import { enforceBounds } from './bounds.ts';
import { handleDirectly } from './direct-requests.ts';
import { KnownOperations } from './known-operations.ts';
import { schema } from './schema.ts';
import { type CreateContext, executeOperations, processResults } from './yoga-plugins.ts';

/**
 * Creates the handler of the GraphQL endpoint. Every error that it returns has an error code.
 *
 * @param isDirect whether plain requests bypass Yoga. The responses are the same
 */
export function createEndpoint(config: Config, context: CreateContext, isDirect = true): Handler {
  const known = new KnownOperations();
  const isDevelopment = config.environment === 'development';
  const server = createServer(config, context, known, isDevelopment);
  const yoga: Handler = async (state) => {
    state.handOver();
    await server(state.request, state.response);
  };
  return isDirect ? handleDirectly({ known, context, yoga, isDevelopment }) : yoga;
}

const createServer = (
  config: Config,
  context: CreateContext,
  known: KnownOperations,
  isDevelopment: boolean,
): YogaServerInstance<YogaRequest, object> =>
  createYoga<YogaRequest>({
    schema,
    logging: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY,
    cors: false,
    graphiql: false,
    // `processResults` replaces it.
    maskedErrors: false,
    // Unknown clients could fill Yoga's own cache with 200 MB of documents and errors.
    parserAndValidationCache: {
      documentCache: new LRUCache<string, DocumentNode>({ max: 100 }),
      errorCache: { get: () => undefined, set() {} },
    },
    plugins: [
      acceptRequests(config),
      enforceBounds(config),
      executeOperations(context),
      processResults(isDevelopment),
      ...(config.introspection ? [] : [rejectIntrospection]),
      known.plugin,
    ],
  });

const rejectIntrospection: Plugin = {
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
};
