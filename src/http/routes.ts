import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { isOutage, traceOf } from '../failures.ts';
import type { Runtime } from '../runtime.ts';
import { inboxPage, isLocal, mailContentSecurityPolicy, readInbox } from './inbox.ts';
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
    routes.use('/inbox/*', async (c, next) => {
      if (!isLocal(c.env.incoming)) {
        return problem(403, 'FORBIDDEN', 'The inbox is shown on this machine alone');
      }
      c.header('cache-control', 'no-store');
      return next();
    });

    routes.get('/inbox', async (c) => {
      const mails = await readInbox(orm.em.fork(), sealer);
      if (!c.req.header('accept')?.includes('text/html')) return c.json(mails);
      const page = await inboxPage(mails);
      c.header('content-security-policy', page.contentSecurityPolicy);
      return c.html(page.body);
    });

    routes.get('/inbox/:id', async (c) => {
      const mails = await readInbox(orm.em.fork(), sealer);
      const mail = mails.find(({ id }) => id === c.req.param('id'));
      if (!mail) return c.notFound();
      c.header('content-security-policy', mailContentSecurityPolicy);
      return c.html(mail.html);
    });
  }

  routes.notFound(() => problem(404, 'NOT_FOUND', 'There is nothing here'));
  routes.onError((error) => {
    if (isOutage(error)) {
      log.warn(traceOf(error), 'a store is away');
      return problem(503, 'UNAVAILABLE', 'Try again in a moment', { 'retry-after': '5' });
    }
    log.error(traceOf(error), 'unexpected error');
    return problem(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong');
  });
  return routes;
}

async function isUp(probe: () => Promise<unknown>): Promise<boolean> {
  return probe().then(
    () => true,
    () => false,
  );
}
