import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Client } from './context.ts';
import { createEndpoint } from './graphql/endpoint.ts';
import { createOperations } from './graphql/execute.ts';
import { createRequestContext } from './graphql/request-context.ts';
import { isAllowedHost } from './http/allowed-hosts.ts';
import { createBaseUrl } from './http/base-url.ts';
import { createClientReader } from './http/client.ts';
import { problem, sendProblem } from './http/problem.ts';
import { createRoutes } from './http/routes.ts';
import { securityHeaders } from './http/security-headers.ts';
import { sendTooMany } from './http/too-many.ts';
import type { OperationRequest } from './operation.ts';
import { createDocuments } from './rest/documents.ts';
import { createGateway } from './rest/gateway.ts';
import type { Runtime } from './runtime.ts';

/** Answered whatever name was asked for: probes come by address. */
const healthRoutes = new Set(['/healthz', '/readyz']);

/** Joins the transports and the rooms into one request handler. */
export function createApp(runtime: Runtime): RequestListener {
  const { config, log, orm } = runtime;
  const clientOf = createClientReader(config.trustProxy, log);
  // Read at once: a connection that is reset has no address any more.
  const clients = new WeakMap<IncomingMessage, Client>();
  const endpoint = createEndpoint<OperationRequest>({
    config,
    log,
    contextOf({ req, request }) {
      const client = clients.get(req);
      if (!client) throw new Error('a request without a client');
      const ctx = { ...runtime, em: orm.em.fork(), client };
      return createRequestContext(ctx, bearerOf(request.headers.get('authorization')));
    },
  });
  const baseUrl = createBaseUrl(config);
  const gateway = createGateway({ prepare: createOperations(endpoint, log), baseUrl });
  const routes = createRoutes(runtime, baseUrl, gateway, createDocuments(baseUrl));
  const listenRoutes = getRequestListener((request, env) => routes.fetch(request, env), {
    // HTTP/1.0 need not name a host.
    hostname: 'localhost',
    errorHandler: () => problem(config.publicUrl, 'bad-request', 'This is no address'),
  });

  /** Of a client that has been read, at a host that is served here. */
  const serve = async (req: IncomingMessage, res: ServerResponse, client: Client, path: string) => {
    const refusal = healthRoutes.has(path)
      ? undefined
      : await runtime.clientBudgets.requests.consume(client.prefix);
    if (refusal) {
      sendTooMany(res, baseUrl(req.headers.host), path, refusal.wait);
    } else if (path === '/graphql') {
      // Tokens are among the answers (RFC 6749 §5.1; ASVS 5.0 14.3.2).
      res.setHeader('cache-control', 'no-store');
      await endpoint(req, res);
    } else {
      await listenRoutes(req, res);
    }
  };

  return (req, res) => {
    const client = clientOf(req);
    // The connection has gone already: nobody waits, and nobody could be held to a limit.
    if (!client) return void req.socket.destroy();
    clients.set(req, client);
    res.setHeaders(securityHeaders);
    const path = req.url?.split('?', 1)[0] ?? '';
    const hosts = healthRoutes.has(path) ? ['*'] : config.allowedHosts;
    if (isAllowedHost(req.headers.host, hosts)) return void serve(req, res, client, path);
    sendProblem(res, config.publicUrl, 'bad-request', 'This host name is not served here');
  };
}

function bearerOf(header: string | null): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
}
