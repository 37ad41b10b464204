import { limitHint } from '../config/load-config.ts';
import { graphqlBody, problem } from './problem.ts';
import type { Edge, Step } from './request-state.ts';

/** Consumes the client's rate limit of all requests. Probes are exempt. */
export function requestLimit({ config, requests, baseUrl }: Edge): Step {
  return async (state) => {
    if (state.isProbe) return undefined;
    const status = await requests.consume(state.client.prefix);
    // Caches may show pages, documents and keys to other clients.
    if (state.isApi) state.showRateLimit(status);
    if (!status.refusal) return undefined;
    const { name, wait } = status.refusal;
    const message = `Too many requests from this IP${limitHint(config, name)}`;
    const refusal = problem('rate-limited', message, { retryAfter: wait });
    if (state.path !== '/graphql') {
      return state.refuse(refusal, baseUrl(state.request.headers.host));
    }
    const body = JSON.stringify(graphqlBody(refusal));
    return state.answer(refusal, body, { 'content-type': 'application/json' });
  };
}
