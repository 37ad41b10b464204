import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import { isOutage, traceOf } from '../errors/outage.ts';
import { type ProblemName, problemTypes } from '../errors/problem-types.ts';
import type { BaseUrl } from '../http/base-url.ts';
import { type ProblemOptions, problem } from '../http/problem.ts';
import type { Reception } from '../http/request-state.ts';
import { addDemo } from '../pages/demo.ts';
import { addDocumentPages } from '../pages/document-pages.ts';
import { inboxPage } from '../pages/inbox-page.ts';
import { showPage } from '../pages/layout.ts';
import { notFoundPage } from '../pages/not-found.ts';
import { addProblemPages } from '../pages/problem-pages.ts';
import { JWKS_MAX_AGE } from '../ports/tokens.ts';
import type { Runtime } from '../services.ts';
import { isLocal, mailHeaders, readInbox } from './inbox-mails.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { readReadiness } from './readiness.ts';
import { addWellKnown } from './well-known.ts';

/** Everything that is not GraphQL. */
export function createRoutes(
  runtime: Runtime,
  reception: Reception,
  baseUrl: BaseUrl,
  rest: Hono<{ Bindings: HttpBindings }>,
  documents: Hono<{ Bindings: HttpBindings }>,
): Hono<{ Bindings: HttpBindings }> {
  const { clock, config, keys, orm, sealer } = runtime;
  const routes = new Hono<{ Bindings: HttpBindings }>({ strict: false });
  const recordOf = (c: Context) => reception.arrivalOf(c.env.incoming).record;
  const refuse = (c: Context, name: ProblemName, detail: string, more?: ProblemOptions) => {
    recordOf(c).code = problemTypes[name].code;
    return problem(baseUrl(c.req.header('host')), name, detail, more);
  };

  routes.use(async (c, next) => {
    await next();
    const path = routePath(c, -1);
    if (!path.endsWith('*')) recordOf(c).operation = `${c.req.method} ${path}`;
  });
  routes.route('/api/v1', rest);
  routes.route('/', documents);

  routes.get('/.well-known/jwks.json', async (c) => {
    c.header('cache-control', `public, max-age=${JWKS_MAX_AGE}`);
    return c.json(await keys.jwks(clock.now()));
  });
  addWellKnown(routes, config, clock);

  routes.get('/healthz', (c) => c.json({ status: 'ok' }));

  routes.get('/readyz', async (c) => {
    const readiness = await readReadiness(runtime);
    return c.json(readiness, readiness.status === 'ok' ? 200 : 503);
  });

  if (config.environment === 'development') {
    addDemo(routes);
    routes.use('/inbox/*', async (c, next) => {
      if (!isLocal(c.env.incoming)) {
        return refuse(c, 'forbidden', 'The inbox is shown on this machine alone');
      }
      c.header('cache-control', 'no-store');
      return next();
    });

    routes.get('/inbox', async (c) => {
      const mails = await readInbox(orm.em.fork(), sealer);
      if (!c.req.header('accept')?.includes('text/html')) return c.json(mails);
      return showPage(c, inboxPage(mails), config);
    });

    routes.get('/inbox/:id', async (c) => {
      const mails = await readInbox(orm.em.fork(), sealer);
      const mail = mails.find(({ id }) => id === c.req.param('id'));
      if (!mail) return c.notFound();
      return c.html(mail.html, 200, mailHeaders);
    });
  }

  if (config.apiDocs) addDocumentPages(routes, config);
  addProblemPages(routes, config);

  refuseOtherMethods(routes, refuse);
  routes.notFound((c) => {
    const wantsPage = c.req.header('accept')?.includes('text/html');
    if (!wantsPage || c.req.path.startsWith('/api/v1/')) {
      return refuse(c, 'not-found', 'There is nothing here');
    }
    recordOf(c).code = 'NOT_FOUND';
    c.status(404);
    return showPage(c, notFoundPage(config), config);
  });
  routes.onError((error, c) => {
    const { complete, destroyed } = c.env.incoming;
    const { log } = reception.arrivalOf(c.env.incoming);
    // Nobody waits for this answer, and no part of the service is away.
    if (destroyed && !complete) return refuse(c, 'bad-request', 'The request did not arrive');
    if (isOutage(error)) {
      log.warn(traceOf(error), 'a store is away');
      const more = { members: { retry_after: 5 }, headers: { 'retry-after': '5' } };
      return refuse(c, 'unavailable', 'Try again in a moment', more);
    }
    log.error(traceOf(error), 'unexpected error');
    return refuse(c, 'internal-server-error', 'Something went wrong');
  });
  return routes;
}
