import { watchProcess } from '#src/adapters/process-metrics.ts';
import type { RedisClient } from '#src/adapters/redis.ts';
import type { HealthProbe } from '#src/concurrency/health-probe.ts';
import { watchStoreMetrics } from '#src/metrics/store-metrics.ts';
import { outcomeName, outcomes } from '#src/outbox/outbox-entry.entity.ts';
import type { WorkerContext } from './context.ts';
import { schedule } from './scheduled-jobs.ts';

/** Makes the worker report its state. @returns a function that stops it */
export function watchWorker(
  worker: WorkerContext,
  queueRedis: RedisClient,
  mail: HealthProbe | undefined,
): () => void {
  const { metrics } = worker;
  watchStoreMetrics(worker, queueRedis);
  metrics.watch({ mailUp: () => (mail?.downSince ? 0 : 1) });
  // From the start on, so that the first event is an increase.
  for (const outcome of [...outcomes.map(outcomeName), 'SUPPRESSED', 'RETRIED']) {
    metrics.add('mails', [outcome], 0);
  }
  for (const outcome of ['DELIVERED', 'RETRIED', 'FAILED']) metrics.add('webhooks', [outcome], 0);
  for (const { name } of schedule) metrics.add('jobFailures', [name], 0);
  return watchProcess(metrics);
}
