import type { BaseUrl } from '../http/base-url.ts';
import { toProblem } from '../http/problem.ts';
import { plainLength, readBody } from '../http/read-body.ts';
import type { Handler, RequestState } from '../http/request-state.ts';
import type { RunRoute } from './gateway.ts';
import type { Route } from './route.ts';

type Row = readonly [route: Route, run: RunRoute, operation: string];

/**
 * Handles plain requests for REST routes without Hono's adapter: a path without parameters, and a
 * body of known length. `others` handles all other requests.
 */
export function handleRoutesDirectly(
  prepared: ReadonlyMap<Route, RunRoute>,
  baseUrl: BaseUrl,
  others: Handler,
): Handler {
  const rows = new Map<string, Row>();
  for (const [route, run] of prepared) {
    const operation = `${route.method} /api/v1${route.path}`;
    if (!route.path.includes('{')) rows.set(operation, [route, run, operation]);
  }
  return (state) => {
    const row = rows.get(`${state.request.method} ${state.path}`);
    if (!row) return others(state);
    const length = plainLength(state.request);
    if (length === undefined || (row[0].method === 'GET' && length > 0)) return others(state);
    return respond(row, state, length, baseUrl);
  };
}

async function respond(row: Row, state: RequestState, length: number, baseUrl: BaseUrl) {
  const [route, run, operation] = row;
  const { request, response } = state;
  try {
    const answer = await run({
      state,
      parameters: {},
      query: () => new URLSearchParams(/\?.*/.exec(request.url ?? '')?.[0]),
      body: () => readBody(request, length),
    });
    const headers = { 'content-type': 'application/json' };
    if (!response.destroyed) state.send(route.status ?? 200, headers, JSON.stringify(answer));
  } catch (error) {
    const problem = toProblem(error, state.log);
    if (!response.destroyed) state.reject(problem, baseUrl(request.headers.host));
  } finally {
    state.record.operation = operation;
  }
}
