import { createMetricsServer } from '../adapters/prometheus.ts';
import { listen } from '../config/listen.ts';
import type { Log } from '../ports/logger.ts';

interface Place {
  /** Undefined: metrics are not served. */
  readonly port: number | undefined;
  readonly host: string;
  /** Setting of the port. */
  readonly setting: string;
}

/**
 * Serves `/metrics` on a port of its own. @returns a function that stops it
 *
 * @throws ConfigError if it cannot listen there
 */
export async function serveMetrics(
  { port, host, setting }: Place,
  read: () => Promise<string>,
  log: Log,
): Promise<() => void> {
  if (port === undefined) return () => undefined;
  const server = createMetricsServer(read);
  const settings = { port: setting, host: 'METRICS_HOST' };
  log.info({ port: await listen(server, { port, host, settings }), host }, 'serving metrics');
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
