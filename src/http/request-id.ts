import { randomUUID } from 'node:crypto';
import { createProxyTrust } from './ip-prefix.ts';
import type { Edge, Step } from './request-state.ts';

/** Form of an accepted id: it goes into a header and into the log. */
const shape = /^[\w-]{1,64}$/;

/** Gives each request the id from a trusted proxy, so that both logs agree, or a new UUID. */
export function requestId({ config }: Edge): Step {
  const isFromProxy = createProxyTrust(config.trustProxy);
  return (state) => {
    const given = state.request.headers['x-request-id'];
    const isAccepted = typeof given === 'string' && shape.test(given) && isFromProxy(state.request);
    state.id = isAccepted ? given : randomUUID();
    state.setHeader('x-request-id', state.id);
  };
}
