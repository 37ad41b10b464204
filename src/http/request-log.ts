import type { Edge, Step } from './request-state.ts';

/** Operations of probes. They run every few seconds, so their lines are logged at `debug`. */
const probes = new Set(['GET /healthz', 'GET /readyz', 'HEAD /healthz', 'HEAD /readyz']);

/**
 * Writes one line about a request once its response has been sent (ASVS 5.0 16.2.1, 16.3.2), and
 * counts it. The line contains nothing that the client chose, and no address.
 */
export function requestLog({ log, metrics, operations }: Edge): Step {
  const count = (operation: string, code: string, ms: number) => {
    const label = operations.has(operation) ? operation : labelOf(operation);
    metrics.add('requests', [label, code.includes(',') ? 'SEVERAL' : code]);
    if (code.includes('INTERNAL_SERVER_ERROR')) metrics.add('internalErrors');
    // A subscription takes as long as the client stays.
    if (!label.startsWith('subscription ')) metrics.observe('requestSeconds', [label], ms / 1000);
  };
  return ({ id, spanIds, client, record, response }) => {
    const start = performance.now();
    response.on('close', () => {
      const ms = performance.now() - start;
      const { operation = 'unknown' } = record;
      // The client disconnected before the end.
      const code = response.writableFinished ? (record.code ?? 'OK') : 'ABORTED';
      const status = response.headersSent ? response.statusCode : undefined;
      const fields = {
        requestId: id,
        ...spanIds,
        client: client.prefix,
        operation,
        code,
        status,
        ms: Math.round(ms),
      };
      log[probes.has(operation) ? 'debug' : 'info'](fields, 'request');
      count(operation, code, ms);
    });
  };
}

/** Returns one of few labels for any other operation: clients combine fields and methods at will. */
function labelOf(operation: string): string {
  const [, kind] = /^(query|mutation|subscription) /.exec(operation) ?? [];
  return kind ? `${kind} (several fields)` : 'unknown';
}
