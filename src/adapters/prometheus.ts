import { createServer, type Server } from 'node:http';
import registry from 'prom-client/lib/cluster.js';
import type { MetricFamily } from './metric-store.ts';

/** Media type of Prometheus' text format. */
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Prints the metrics of one or several processes, merged into one. */
export const printMetrics = (processes: readonly (readonly MetricFamily[])[]): Promise<string> =>
  registry.aggregate(processes).metrics();

/** Merges the metrics of several processes into those of one. */
export const mergeMetrics = (
  processes: readonly (readonly MetricFamily[])[],
): Promise<MetricFamily[]> => registry.aggregate(processes).getMetricsAsJSON();

/** Bounds of the port for metrics: only few clients use it. */
const bounds = { headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 60_000 };
const MAX_CONNECTIONS = 20;

/** Creates a server that responds to `GET /metrics` only. */
export function createMetricsServer(read: () => Promise<string>): Server {
  const server = createServer(bounds, ({ method, url = '' }, response) => {
    const status = url.split('?')[0] !== '/metrics' ? 404 : method === 'GET' ? 200 : 405;
    if (status !== 200) {
      response.writeHead(status, status === 405 ? { allow: 'GET' } : {}).end();
      return;
    }
    read().then(
      (text) => response.writeHead(200, { 'content-type': PROMETHEUS_TEXT }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}
