import type { RequestListener } from 'node:http';
import { traceOf } from '../errors/outage.ts';
import { allowedHost } from './allowed-hosts.ts';
import { clientIp } from './client-ip.ts';
import { cors, preflight } from './cors.ts';
import { requestFaults } from './request-faults.ts';
import { requestId } from './request-id.ts';
import { requestLimit } from './request-limit.ts';
import { requestLog } from './request-log.ts';
import { type Edge, RequestState, type Step } from './request-state.ts';
import { securityHeaders } from './security-headers.ts';

/** Steps of every request, in this order. The first step that answers is the last one. */
const pipeline = [
  requestId,
  clientIp,
  securityHeaders,
  requestLog,
  requestFaults,
  allowedHost,
  cors,
  requestLimit,
  preflight,
  route,
];

/** Creates the handler of all requests. */
export function createPipeline(edge: Edge): RequestListener {
  const steps = pipeline.map((create) => create(edge));
  return (request, response) => {
    const state = new RequestState(request, response, edge.log);
    run(steps, state).catch((error) => {
      state.log.error(
        traceOf(error),
        'Request failed before a response was sent: closing the connection',
      );
      request.socket.destroy();
    });
  };
}

async function run(steps: readonly Step[], state: RequestState): Promise<void> {
  for (const step of steps) {
    const answered = step(state);
    // Waits only if it must: a reset connection has no IP address any more.
    if (answered instanceof Promise ? await answered : answered) return;
  }
}

/** Passes the request to GraphQL, or to the routes: REST, pages and documents. */
function route({ config, graphql, routes }: Edge): Step {
  return async ({ request, response, path }): Promise<true> => {
    const { method, headers } = request;
    const isGraphiql = config.graphiql && method === 'GET' && headers.accept?.includes('text/html');
    const handle = path === '/graphql' && !isGraphiql ? graphql : routes;
    await handle(request, response);
    return true;
  };
}
