import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { describeSelection } from './graphql/describe-selection.ts';
import { createEndpoint } from './graphql/endpoint.ts';
import { readExplorer } from './graphql/graphiql.ts';
import { createRequestContext } from './graphql/graphql-context.ts';
import { createOperations } from './graphql/in-process.ts';
import { printedSchema } from './graphql/schema.ts';
import { createBaseUrl } from './http/base-url.ts';
import type { Routes } from './http/hono-routes.ts';
import { createPipeline } from './http/pipeline.ts';
import { problem, problemDocument, problemHeaders } from './http/problem.ts';
import { stateOf } from './http/request-state.ts';
import { createGateway } from './rest/gateway.ts';
import { createDocuments } from './rest/openapi/published-documents.ts';
import { mountRoutes } from './routes/mount-routes.ts';
import type { Runtime } from './services.ts';

/** Joins GraphQL, REST and all other routes into one request handler. */
export function createApp(runtime: Runtime): RequestListener {
  const { config, log } = runtime;
  const baseUrl = createBaseUrl(config);
  const graphql = createGraphql(runtime);
  const routes = mountRoutes(runtime, {
    baseUrl,
    rest: createGateway(createOperations(graphql), baseUrl),
    documents: createDocuments(baseUrl, { api: readApi, graphqlSchema: printedSchema }),
    readExplorer,
  });
  const requests = runtime.clientRateLimits.requests;
  return createPipeline({
    config,
    log,
    baseUrl,
    requests,
    graphql,
    routes: listenTo(routes, config.publicUrl),
  });
}

/** Describes the REST API. Loads the modules for it on first use. */
async function readApi(): Promise<object> {
  const { describeApi } = await import('./rest/openapi/openapi-document.ts');
  return describeApi(describeSelection);
}

function createGraphql(runtime: Runtime) {
  return createEndpoint(runtime.config, ({ req, request }) => {
    const { client, log, showRateLimit } = stateOf(req);
    const ctx = { ...runtime, client, log, showRateLimit, em: runtime.orm.em.fork() };
    return createRequestContext(ctx, bearerTokenOf(request.headers.get('authorization')));
  });
}

function listenTo(routes: Routes, publicUrl: string) {
  const malformed = problem('bad-request', 'The URL of the request is malformed');
  const body = problemDocument(malformed, publicUrl);
  const headers = problemHeaders(malformed);
  return getRequestListener((request, env) => routes.fetch(request, env), {
    // HTTP/1.0 need not name a host.
    hostname: 'localhost',
    errorHandler: () => new Response(body, { status: malformed.status, headers }),
  });
}

/** Returns the token in an `Authorization` header; an empty string if it contains anything else. */
function bearerTokenOf(header: string | null): string | undefined {
  if (!header) return undefined;
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1] ?? '';
}
