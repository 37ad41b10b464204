import type { IncomingMessage, RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Client } from './context.ts';
import { createEndpoint } from './graphql/endpoint.ts';
import { createRequestContext } from './graphql/request-context.ts';
import { isAllowedHost } from './http/allowed-hosts.ts';
import { createClientReader } from './http/client.ts';
import { sendProblem } from './http/problem.ts';
import { createRoutes } from './http/routes.ts';
import type { Runtime } from './runtime.ts';

/** Answered whatever name was asked for: probes come by address. */
const healthRoutes = new Set(['/healthz', '/readyz']);

/** Joins the transports and the rooms into one request handler. */
export function createApp(runtime: Runtime): RequestListener {
  const { config, log, orm } = runtime;
  const clientOf = createClientReader(config.trustProxy, log);
  // Read at once: a connection that is reset has no address any more.
  const clients = new WeakMap<IncomingMessage, Client>();
  const endpoint = createEndpoint<{ req: IncomingMessage }>({
    config,
    log,
    contextOf({ req, request }) {
      const client = clients.get(req);
      if (!client) throw new Error('a request without a client');
      const ctx = { ...runtime, em: orm.em.fork(), client };
      return createRequestContext(ctx, bearerOf(request.headers.get('authorization')));
    },
  });
  const routes = createRoutes(runtime);
  const listenRoutes = getRequestListener((request, env) => routes.fetch(request, env));

  return (req, res) => {
    const client = clientOf(req);
    // The connection has gone already: nobody waits, and nobody could be held to a limit.
    if (!client) return void req.socket.destroy();
    clients.set(req, client);
    const path = req.url?.split('?', 1)[0] ?? '';
    const hosts = healthRoutes.has(path) ? ['*'] : config.allowedHosts;
    if (!isAllowedHost(req.headers.host, hosts)) {
      sendProblem(res, 400, 'BAD_REQUEST', 'This host name is not served here');
    } else if (path === '/graphql') {
      // Tokens are among the answers (RFC 6749 §5.1; ASVS 5.0 14.3.2).
      res.setHeader('cache-control', 'no-store');
      void endpoint(req, res);
    } else {
      void listenRoutes(req, res);
    }
  };
}

function bearerOf(header: string | null): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
}
