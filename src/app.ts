import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { limitHint } from './config/load-config.ts';
import { type ProblemName, problemTypes } from './errors/problem-types.ts';
import { createEndpoint } from './graphql/endpoint.ts';
import { readExplorer } from './graphql/graphiql.ts';
import { createRequestContext } from './graphql/graphql-context.ts';
import { createOperations } from './graphql/in-process.ts';
import { printedSchema } from './graphql/print-schema.ts';
import { isAllowedHost } from './http/allowed-hosts.ts';
import { createBaseUrl } from './http/base-url.ts';
import { createCors, openDocuments } from './http/cors.ts';
import { problem, sendProblem } from './http/problem.ts';
import { findFault } from './http/request-faults.ts';
import { type Arrival, Reception } from './http/request-state.ts';
import { sendTooMany } from './http/too-many.ts';
import { addExplorer } from './pages/explorer.ts';
import type { OperationRequest } from './ports/operation.ts';
import { createGateway } from './rest/gateway.ts';
import { createDocuments } from './rest/openapi/published-documents.ts';
import { createRoutes } from './routes/mount-routes.ts';
import type { Runtime } from './services.ts';

/** Answered whatever name was asked for: probes come by address. */
const healthRoutes = new Set(['/healthz', '/readyz']);

/** The two doors, as against pages, documents and keys. */
const isApi = (path: string): boolean => path === '/graphql' || path.startsWith('/api/v1/');

/** Joins the transports and the rooms into one request handler. */
export function createApp(runtime: Runtime): RequestListener {
  const { config, log, orm } = runtime;
  const reception = new Reception(config, log);
  const allowPages = createCors(config, log);
  const endpoint = createEndpoint<OperationRequest>({
    config,
    logOf: ({ req }) => reception.arrivalOf(req).log,
    recordOf: ({ req }) => reception.arrivalOf(req).record,
    contextOf({ req, request }) {
      const ctx = { ...runtime, ...reception.arrivalOf(req), em: orm.em.fork() };
      return createRequestContext(ctx, bearerOf(request.headers.get('authorization')));
    },
  });
  const baseUrl = createBaseUrl(config);
  const prepare = createOperations(endpoint, ({ req }) => reception.arrivalOf(req).log);
  const gateway = createGateway({
    prepare,
    baseUrl,
    recordOf: (request) => reception.arrivalOf(request).record,
  });
  const documents = createDocuments(baseUrl, printedSchema());
  const routes = createRoutes(runtime, reception, baseUrl, gateway, documents);
  if (config.graphiql) addExplorer(routes, readExplorer);
  const isExplorer = ({ method, headers }: IncomingMessage) =>
    config.graphiql && method === 'GET' && headers.accept?.includes('text/html');
  const listenRoutes = getRequestListener((request, env) => routes.fetch(request, env), {
    // HTTP/1.0 need not name a host.
    hostname: 'localhost',
    errorHandler: () => problem(config.publicUrl, 'bad-request', 'This is no address'),
  });

  /** Takes the request from the rateLimit of its client. */
  const refusalOf = async ({ client, showRateLimit }: Arrival, path: string) => {
    if (healthRoutes.has(path)) return undefined;
    const status = await runtime.clientRateLimits.requests.consume(client.prefix);
    // Pages, documents and keys may be cached, and then be shown to another client.
    if (isApi(path)) showRateLimit(status);
    return status.refusal;
  };

  /** Of a client that has been read, at a host that is served here. */
  const serve = async (
    req: IncomingMessage,
    res: ServerResponse,
    arrival: Arrival,
    path: string,
  ) => {
    const isPreflight = isApi(path) ? allowPages(req, res) : openDocuments(req, res, path);
    const refusal = await refusalOf(arrival, path);
    if (refusal) {
      arrival.record.code = 'RATE_LIMITED';
      const hint = limitHint(config, refusal.name);
      sendTooMany(res, baseUrl(req.headers.host), path, refusal.wait, hint);
    } else if (isPreflight) {
      arrival.record.operation = 'preflight';
      res.writeHead(204).end();
    } else if (path === '/graphql' && !isExplorer(req)) {
      await endpoint(req, res);
    } else {
      await listenRoutes(req, res);
    }
  };

  return (req, res) => {
    const arrival = reception.receive(req, res);
    // The connection has gone already: nobody waits, and nobody could be held to a limit.
    if (!arrival) return void req.socket.destroy();
    const refuse = (name: ProblemName, detail: string) => {
      arrival.record.code = problemTypes[name].code;
      sendProblem(res, config.publicUrl, name, detail);
    };
    const fault = findFault(req);
    if (fault) {
      // The end of this message is ambiguous: the rest must not be read as the next request.
      res.setHeader('connection', 'close');
      return refuse(fault.name, fault.detail);
    }
    const path = pathOf(req);
    const hosts = healthRoutes.has(path) ? ['*'] : config.allowedHosts;
    if (isAllowedHost(req.headers.host, hosts)) return void serve(req, res, arrival, path);
    refuse('bad-request', 'This host name is not served here');
  };
}

/** Returns the path without its query and its final slash. */
function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The access token in a header; empty where the header holds something else. */
function bearerOf(header: string | null): string | undefined {
  if (!header) return undefined;
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1] ?? '';
}
