import type { ServerResponse } from 'node:http';
import type { Client } from '../context.ts';
import type { Log } from '../ports/logger.ts';
import type { RequestRecord } from '../ports/operation.ts';

/** Probes. They run every few seconds, so their lines are logged at `debug`. */
const probes = new Set(['GET /healthz', 'GET /readyz', 'HEAD /healthz', 'HEAD /readyz']);

/**
 * Writes one line about a request once its response has been sent (ASVS 5.0 16.2.1, 16.3.2). The
 * line contains nothing that the client chose, and no address.
 */
export function logRequest(
  log: Log,
  requestId: string,
  client: Pick<Client, 'prefix'>,
  record: RequestRecord,
  response: ServerResponse,
): void {
  const start = performance.now();
  response.once('close', () => {
    const { operation = 'unknown', code = 'OK' } = record;
    const fields = {
      requestId,
      client: client.prefix,
      operation,
      // The client disconnected before the end.
      code: response.writableFinished ? code : 'ABORTED',
      status: response.headersSent ? response.statusCode : undefined,
      ms: Math.round(performance.now() - start),
    };
    if (probes.has(operation)) log.debug(fields, 'request');
    else log.info(fields, 'request');
  });
}
