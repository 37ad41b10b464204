import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Config } from '../config/load-config.ts';
import type { BaseUrl } from '../http/base-url.ts';
import type { Routes } from '../http/hono-routes.ts';
import { type Problem, problem, problemResponse, toProblem } from '../http/problem.ts';
import { stateOf } from '../http/request-state.ts';
import { showPage } from '../pages/layout.ts';
import { notFoundPage } from '../pages/not-found.ts';

type RouteContext = Context<{ Bindings: HttpBindings }>;
type Refuse = ReturnType<typeof createRefuse>;

/** Creates the function that refuses a request of a route, and records the code for the log. */
export const createRefuse =
  (baseUrl: BaseUrl) =>
  (c: RouteContext, refusal: Problem, headers?: Record<string, string>): Response => {
    stateOf(c.env.incoming).record.code = refusal.code;
    return problemResponse(refusal, baseUrl(c.req.header('host')), headers);
  };

/**
 * Responds 405 with an `Allow` header to other methods of the routes so far (RFC 9110 §15.5.6), and
 * 204 to OPTIONS. Hono's own middleware would lose the route, which the log records.
 */
export function refuseOtherMethods(routes: Routes, refuse: Refuse): void {
  const known = routes.routes.filter(({ method }) => method !== 'ALL');
  for (const [path, group] of Map.groupBy(known, ({ path }) => path)) {
    const methods = new Set(['OPTIONS', ...group.map(({ method }) => method)]);
    if (methods.has('GET')) methods.add('HEAD');
    const allow = [...methods].sort().join(', ');
    routes.all(path, (c) => {
      if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow });
      const detail = `Method "${c.req.method}" not allowed.`;
      return refuse(c, problem('method-not-allowed', detail), { allow });
    });
  }
}

/** Responds 404 to unknown paths: with a page for browsers, otherwise with a problem document. */
export function refuseUnknownPaths(routes: Routes, config: Config, refuse: Refuse): void {
  routes.notFound((c) => {
    const wantsPage = c.req.header('accept')?.includes('text/html');
    if (!wantsPage || c.req.path.startsWith('/api/v1/')) {
      return refuse(c, problem('not-found', 'No route has this path'));
    }
    stateOf(c.env.incoming).record.code = 'NOT_FOUND';
    c.status(404);
    return showPage(c, notFoundPage(config), config);
  });
}

/** Answers errors of routes. */
export function refuseErrors(routes: Routes, refuse: Refuse): void {
  routes.onError((error, c) => {
    const { complete, destroyed } = c.env.incoming;
    // The client has disconnected: no part of the service is unavailable.
    if (destroyed && !complete) {
      return refuse(
        c,
        problem('bad-request', 'The client disconnected before the request was complete'),
      );
    }
    return refuse(c, toProblem(error, stateOf(c.env.incoming).log));
  });
}
