import type { Edge, Step } from './request-state.ts';

/** Operations of probes. They run every few seconds, so their lines are logged at `debug`. */
const probes = new Set(['GET /healthz', 'GET /readyz', 'HEAD /healthz', 'HEAD /readyz']);

/**
 * Writes one line about a request once its response has been sent (ASVS 5.0 16.2.1, 16.3.2). The
 * line contains nothing that the client chose, and no address.
 */
export function requestLog({ log }: Edge): Step {
  return ({ id, client, record, response }) => {
    const start = performance.now();
    response.once('close', () => {
      const { operation = 'unknown', code = 'OK' } = record;
      const fields = {
        requestId: id,
        client: client.prefix,
        operation,
        // The client disconnected before the end.
        code: response.writableFinished ? code : 'ABORTED',
        status: response.headersSent ? response.statusCode : undefined,
        ms: Math.round(performance.now() - start),
      };
      log[probes.has(operation) ? 'debug' : 'info'](fields, 'request');
    });
  };
}
