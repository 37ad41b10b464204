import { limitHint, limitVariable } from '../config/load-config.ts';
import { graphqlBody, problem } from './problem.ts';
import type { Edge, Step } from './request-state.ts';

/** Consumes the client's rate limit of all requests. Probes and services are exempt. */
export function requestLimit({ config, metrics, requests, baseUrl }: Edge): Step {
  return (state) => {
    if (state.isProbe || state.isService) return undefined;
    const status = requests.consume(state.client.prefix);
    // Caches may show pages, documents and keys to other clients.
    if (state.isApi) state.showRateLimit(status);
    if (!status.exceeded) return undefined;
    const { name, wait } = status.exceeded;
    metrics.add('limits', [limitVariable(name)]);
    const message = `Too many requests from this IP${limitHint(config, name)}`;
    const exceeded = problem('rate-limited', message, { retryAfter: wait });
    if (state.path !== '/graphql') {
      return state.reject(exceeded, baseUrl(state.request.headers.host));
    }
    const body = JSON.stringify(graphqlBody(exceeded));
    return state.answer(exceeded, body, { 'content-type': 'application/json' });
  };
}
