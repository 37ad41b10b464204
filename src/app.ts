import type { IncomingMessage, RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createEndpoint } from './graphql/endpoint.ts';
import { createRequestContext } from './graphql/request-context.ts';
import { isAllowedHost } from './http/allowed-hosts.ts';
import { createClientReader } from './http/client.ts';
import { problem } from './http/problem.ts';
import { createRoutes } from './http/routes.ts';
import type { Runtime } from './runtime.ts';

/** Answered whatever name was asked for: probes come by address. */
const healthRoutes = new Set(['/healthz', '/readyz']);

/** Joins the transports and the rooms into one request handler. */
export function createApp(runtime: Runtime): RequestListener {
  const { config, log, orm } = runtime;
  const clientOf = createClientReader(config.trustProxy, log);
  const endpoint = createEndpoint<{ req: IncomingMessage }>({
    config,
    log,
    contextOf: ({ req, request }) =>
      createRequestContext(
        { ...runtime, em: orm.em.fork(), client: clientOf(req) },
        bearerOf(request.headers.get('authorization')),
      ),
  });
  const routes = createRoutes(runtime);
  const listenRoutes = getRequestListener((request, env) => routes.fetch(request, env));
  const listenForeignHost = getRequestListener(() =>
    problem(400, 'Bad Request', 'This host name is not served here', 'BAD_REQUEST'),
  );

  return (req, res) => {
    const path = req.url?.split('?', 1)[0] ?? '';
    if (!healthRoutes.has(path) && !isAllowedHost(req.headers.host, config.allowedHosts)) {
      void listenForeignHost(req, res);
    } else if (path === '/graphql') {
      void endpoint(req, res);
    } else {
      void listenRoutes(req, res);
    }
  };
}

function bearerOf(header: string | null): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
}
