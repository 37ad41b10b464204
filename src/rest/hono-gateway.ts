import { bodyLimit } from 'hono/body-limit';
import { newRoutes, type Routes } from '../http/hono-routes.ts';
import { MAX_BODY } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import { stateOf } from '../http/request-state.ts';
import type { RunRoute } from './gateway.ts';
import type { Route } from './route.ts';

/** Mounts the REST routes, for requests that are not plain. */
export function createGateway(prepared: ReadonlyMap<Route, RunRoute>): Routes {
  const gateway = newRoutes();
  const onError = () => {
    throw new ProblemError('payload-too-large', 'The request body is too large.');
  };
  gateway.use(bodyLimit({ maxSize: MAX_BODY, onError }));
  for (const [route, run] of prepared) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    gateway.on(route.method, path, async (c) => {
      const answer = await run({
        state: stateOf(c.env.incoming),
        parameters: c.req.param(),
        query: () => new URL(c.req.url).searchParams,
        body: () => c.req.raw.arrayBuffer(),
      });
      return Response.json(answer, { status: route.status ?? 200 });
    });
  }
  return gateway;
}
