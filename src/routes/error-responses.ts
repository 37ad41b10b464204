import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Config } from '../config/load-config.ts';
import type { BaseUrl } from '../http/base-url.ts';
import type { Routes } from '../http/hono-routes.ts';
import { problemAnswer } from '../http/oauth-error.ts';
import { ProblemError, problemDocument, problemHeaders, toProblem } from '../http/problem.ts';
import { stateOf } from '../http/request-state.ts';
import { showPage } from '../pages/layout.ts';
import { notFoundPage } from '../pages/not-found.ts';

/**
 * Responds 405 with an `Allow` header to other methods of the routes mounted so far (RFC 9110
 * §15.5.6), and 204 to OPTIONS. Hono's own middleware would lose the route, which the log records.
 */
export function rejectOtherMethods(routes: Routes): void {
  const known = routes.routes.filter(({ method }) => method !== 'ALL');
  for (const [path, group] of Map.groupBy(known, ({ path }) => path)) {
    const methods = new Set(['OPTIONS', ...group.map(({ method }) => method)]);
    if (methods.has('GET')) methods.add('HEAD');
    routes.all(path, (c) => {
      c.header('allow', [...methods].sort().join(', '));
      if (c.req.method === 'OPTIONS') return c.body(null, 204);
      throw new ProblemError('method-not-allowed', `Method "${c.req.method}" not allowed.`);
    });
  }
}

/** Responds 404 to unknown paths: with a page for browsers, otherwise with a problem document. */
export function rejectUnknownPaths(routes: Routes, config: Config): void {
  routes.notFound((c) => {
    const wantsPage = c.req.header('accept')?.includes('text/html');
    if (!wantsPage || c.req.path.startsWith('/api/v1/')) {
      throw new ProblemError('not-found', 'No route has this path');
    }
    stateOf(c.env.incoming).record.code = 'NOT_FOUND';
    c.status(404);
    return showPage(c, notFoundPage(config), config);
  });
}

/** Responds to errors of routes with problem documents, and to those of OAuth as RFC 6749 says. */
export function answerErrors(routes: Routes, baseUrl: BaseUrl): void {
  routes.onError((error, c) => {
    const { complete, destroyed } = c.env.incoming;
    const { log, record, isOAuth } = stateOf(c.env.incoming);
    // The client has disconnected: no part of the service is unavailable.
    const text = 'The client disconnected before the request was complete';
    const hasLeft = destroyed && !complete;
    const problem = toProblem(hasLeft ? new ProblemError('bad-request', text) : error, log);
    record.code = problem.code;
    const { headers, body } = isOAuth
      ? problemAnswer(problem)
      : {
          headers: problemHeaders(problem),
          body: problemDocument(problem, baseUrl(c.req.header('host'))),
        };
    return c.body(body, problem.status as ContentfulStatusCode, headers);
  });
}
