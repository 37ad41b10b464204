import { releaseMemoryWhenIdle } from '#src/adapters/idle-memory.ts';
import { announceReady, logUncaught, untilToldToStop } from '#src/adapters/node-process.ts';
import { openTracing } from '#src/adapters/open-tracing.ts';
import { isUnderSystemd } from '#src/config/environment.ts';
import { loadConfig } from '#src/config/load-config.ts';
import { serveMetrics } from '#src/metrics/serve-metrics.ts';
import { openLog } from '#src/services.ts';
import { startWorker } from './worker.ts';

/** Milliseconds that running work may take when the process is told to stop. */
const DRAIN = 8000;

/** Sends mails and writes audit events until it is told to stop. */
export async function work(): Promise<void> {
  const config = loadConfig('production');
  const log = openLog(config, 'gatehouse-worker');
  logUncaught(log);
  const told = untilToldToStop('SIGHUP');
  if (config.tracing?.warning) log.warn({}, config.tracing.warning);
  const traces = await openTracing(config, 'gatehouse-worker', log);
  const services = { log, tracing: traces?.tracing };
  const worker = await Promise.race([startWorker(config, services), told]);
  if (!worker) process.exit(0);
  const { workerMetricsPort: port, metricsHost: host } = config;
  const place = { port, host, setting: 'WORKER_METRICS_PORT' };
  const stopMetrics = await serveMetrics(place, worker.readMetrics, log);
  log.info({}, 'The worker is ready.');
  announceReady(log, isUnderSystemd());
  releaseMemoryWhenIdle();
  await told;
  await worker.close(DRAIN);
  await traces?.close();
  stopMetrics();
  process.exit(0);
}

// Release 0.2 started the worker with `node worker/main.ts`, as Compose files may still do.
if (import.meta.main) await work();
