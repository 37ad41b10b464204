import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Runtime } from '../runtime.ts';
import { inboxPage, isLocal, readInbox } from './inbox.ts';
import { problem } from './problem.ts';

/** Everything that is not GraphQL. */
export function createRoutes(runtime: Runtime): Hono<{ Bindings: HttpBindings }> {
  const { config, log, orm, redis, sealer, tokens } = runtime;
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.get('/.well-known/jwks.json', (c) => {
    c.header('cache-control', 'public, max-age=300');
    return c.json(tokens.jwks());
  });

  routes.get('/healthz', (c) => c.json({ status: 'ok' }));

  routes.get('/readyz', async (c) => {
    const parts = {
      postgresql: await isUp(() => orm.em.fork().execute('select 1')),
      redis: await isUp(() => redis.ping()),
    };
    const ready = Object.values(parts).every((up) => up);
    return c.json({ status: ready ? 'ok' : 'unavailable', parts }, ready ? 200 : 503);
  });

  if (config.environment === 'development') {
    routes.get('/inbox', async (c) => {
      if (!isLocal(c.env.incoming.socket.remoteAddress, c.req.header('host'))) {
        return problem(403, 'Forbidden', 'The inbox is shown on this machine alone', 'FORBIDDEN');
      }
      c.header('cache-control', 'no-store');
      const mails = await readInbox(orm.em.fork(), sealer);
      if (!c.req.header('accept')?.includes('text/html')) return c.json(mails);
      const page = await inboxPage(mails);
      c.header('content-security-policy', page.contentSecurityPolicy);
      return c.html(page.body);
    });
  }

  routes.notFound(() => problem(404, 'Not Found', 'There is nothing here', 'NOT_FOUND'));
  routes.onError((error) => {
    log.error({ name: error.name }, 'a route failed');
    return problem(503, 'Service Unavailable', 'Try again in a moment', 'UNAVAILABLE');
  });
  return routes;
}

async function isUp(probe: () => Promise<unknown>): Promise<boolean> {
  return probe().then(
    () => true,
    () => false,
  );
}
