import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createContexts } from './context.ts';
import { describeSelection } from './graphql/describe-selection.ts';
import { createEndpoint } from './graphql/endpoint.ts';
import { readExplorer } from './graphql/graphiql.ts';
import { createRequestContext } from './graphql/graphql-context.ts';
import { createOperations } from './graphql/in-process.ts';
import { namesOfFields } from './graphql/operation-label.ts';
import { printedSchema, schema } from './graphql/schema.ts';
import { createBaseUrl } from './http/base-url.ts';
import { bearerTokenOf } from './http/bearer-token.ts';
import type { Routes } from './http/hono-routes.ts';
import { createPipeline } from './http/pipeline.ts';
import { problem, problemDocument, problemHeaders } from './http/problem.ts';
import type { Handler, RequestState } from './http/request-state.ts';
import { cookiesOf } from './http/session-cookie.ts';
import { watchServer } from './metrics/server-metrics.ts';
import {
  createOAuthEndpoints,
  createOAuthRoutes,
  handleOAuthDirectly,
} from './oauth/oauth-routes.ts';
import { REFRESH } from './oauth/token-endpoint.ts';
import { handleRoutesDirectly } from './rest/direct-routes.ts';
import { prepareRoutes } from './rest/gateway.ts';
import { createGateway } from './rest/hono-gateway.ts';
import { createDocuments } from './rest/openapi/published-documents.ts';
import { mountRoutes } from './routes/mount-routes.ts';
import type { Runtime } from './services.ts';

/** The operations of the pages with undo links. */
const undo = {
  emailChange:
    'mutation ($input: UndoEmailChangeInput!) { undoEmailChange(input: $input) { detail } }',
  factorChange:
    'mutation ($input: UndoFactorChangeInput!) { undoFactorChange(input: $input) { detail } }',
};

/**
 * Joins GraphQL, REST and all other routes into one request handler.
 *
 * @param isDirect whether plain requests bypass Yoga and Hono. The responses are the same
 */
export function createApp(runtime: Runtime, isDirect = true): RequestListener {
  const { config, log, metrics, tracing } = runtime;
  watchServer(runtime);
  const baseUrl = createBaseUrl(config);
  const create = createContexts(runtime);
  const contextOf = (state: RequestState) => {
    const { client, id: requestId, showRateLimit } = state;
    const whenClosed = (stop: () => void) => state.whenClosed(stop);
    return create({ client, requestId, showRateLimit, whenClosed, ...cookiesOf(state) });
  };
  const context = (state: RequestState) =>
    createRequestContext(contextOf(state), bearerTokenOf(state.request.headers.authorization));
  const prepare = createOperations(context);
  const prepared = prepareRoutes(prepare, baseUrl);
  const endpoints = createOAuthEndpoints({ config, contextOf, refresh: prepare(REFRESH) });
  const routes = mountRoutes(runtime, {
    baseUrl,
    rest: createGateway(prepared),
    oauth: createOAuthRoutes(endpoints, config, baseUrl),
    documents: createDocuments(baseUrl, { api: readApi, graphqlSchema: printedSchema }),
    undoEmailChange: prepare(undo.emailChange),
    undoFactorChange: prepare(undo.factorChange),
    readExplorer,
  });
  const hono = listenTo(routes, config.publicUrl);
  const directly = () =>
    handleOAuthDirectly(endpoints, handleRoutesDirectly(prepared, baseUrl, hono));
  return createPipeline({
    config,
    log,
    metrics,
    tracing,
    operations: operationNames(routes),
    baseUrl,
    requests: runtime.clientRateLimits.requests,
    graphql: createEndpoint(config, context, isDirect),
    routes: isDirect ? directly() : hono,
  });
}

/** Returns the names under which requests are counted. Others share one of few. */
function operationNames({ routes }: Routes): ReadonlySet<string> {
  const known = routes.filter(({ method }) => method !== 'ALL');
  const named = known.map(({ method, path }) => `${method} ${path}`);
  const heads = named.map((name) => name.replace(/^GET /, 'HEAD '));
  return new Set([...namesOfFields(schema), ...named, ...heads, 'preflight']);
}

/** Describes the REST API. Loads the modules for it on first use. */
async function readApi(): Promise<object> {
  const { describeApi } = await import('./rest/openapi/openapi-document.ts');
  return describeApi(describeSelection);
}

function listenTo(routes: Routes, publicUrl: string): Handler {
  const malformed = problem('bad-request', 'The URL of the request is malformed');
  const body = problemDocument(malformed, publicUrl);
  const headers = problemHeaders(malformed);
  const listen = getRequestListener((request, env) => routes.fetch(request, env), {
    // HTTP/1.0 need not name a host.
    hostname: 'localhost',
    errorHandler: () => new Response(body, { status: malformed.status, headers }),
  });
  return async (state) => {
    state.handOver();
    await listen(state.request, state.response);
  };
}
