import type { RequestListener } from 'node:http';
import { traceOf } from '../errors/outage.ts';
import { allowedHost } from './allowed-hosts.ts';
import { clientIp } from './client-ip.ts';
import { cookieMode } from './cookie-mode.ts';
import { cors, preflight } from './cors.ts';
import { requestFaults } from './request-faults.ts';
import { requestId } from './request-id.ts';
import { requestLimit } from './request-limit.ts';
import { requestLog } from './request-log.ts';
import { type Edge, type Handler, RequestState } from './request-state.ts';
import { securityHeaders } from './security-headers.ts';
import { serviceCallers } from './service-callers.ts';
import { traceRequests } from './trace-requests.ts';

/** Steps of every request, in this order, before its handler. A step that responds is the last. */
const pipeline = [
  securityHeaders,
  requestId,
  clientIp,
  requestLog,
  requestFaults,
  serviceCallers,
  allowedHost,
  cors,
  requestLimit,
  preflight,
  cookieMode,
];

/** Creates the handler of all requests. No step waits: a reset connection loses its IP address. */
export function createPipeline(edge: Edge): RequestListener {
  const steps = pipeline.map((create) => create(edge));
  const route = createRoute(edge);
  const handle = (state: RequestState) => {
    const fail = (error: unknown) => {
      state.log.error(
        traceOf(error),
        'Request failed before a response was sent: closing the connection',
      );
      state.request.socket.destroy();
    };
    try {
      if (!steps.some((step) => step(state))) route(state)?.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  const trace = traceRequests(edge, handle);
  return (request, response) => trace(new RequestState(request, response, edge.log));
}

/** Passes the request to GraphQL, or to the routes: REST, pages and documents. */
function createRoute({ config, graphql, routes }: Edge): Handler {
  return (state) => {
    const { method, headers } = state.request;
    const isGraphiql = config.graphiql && method === 'GET' && headers.accept?.includes('text/html');
    return state.path === '/graphql' && !isGraphiql ? graphql(state) : routes(state);
  };
}
