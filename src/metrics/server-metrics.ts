import { shareRecent } from '../concurrency/recent.ts';
import { isFirstProcess } from '../config/environment.ts';
import { type Setting, settings } from '../config/settings.ts';
import { readFailed, readWaiting } from '../outbox/outbox-counts.ts';
import { outcomeName } from '../outbox/outbox-entry.entity.ts';
import { sessionEnds } from '../ports/metrics.ts';
import type { Runtime } from '../services.ts';
import { readKeyAge } from '../signing-keys/current-key.ts';
import { readOldestDelivery } from '../webhooks/delivery-statements.ts';
import { countOff } from '../webhooks/webhook-statements.ts';
import { watchStoreMetrics } from './store-metrics.ts';

/** Milliseconds for which the counts of PostgreSQL are reused. */
const FRESH = 5000;

/** Makes the server report its state. Costs nothing until `/metrics` is requested. */
export function watchServer(runtime: Runtime): void {
  const { metrics, passwords, memory, sessionStreams, replica } = runtime;
  watchStoreMetrics(runtime, runtime.queueRedis);
  metrics.watch({
    hashCapacity: () => passwords.queue().capacity,
    hashPlaces: () => passwords.queue().reserved,
    hashesRunning: () => passwords.queue().running,
    hashesWaiting: () => passwords.queue().waiting,
    hashesRefused: () => passwords.queue().refused,
    redisMemory: () => memory.used,
    sessionStreams: () => sessionStreams.size,
  });
  if (replica) metrics.watch({ replicaUp: () => Number(replica.reads.lag.isUsable()) });
  // From the start on, so that the first event is an increase.
  for (const cause of sessionEnds) metrics.add('sessionsEnded', [cause], 0);
  for (const outcome of ['ACCEPTED', 'REFUSED', 'MALFORMED']) metrics.add('apiKeys', [outcome], 0);
  for (const outcome of ['ACCEPTED', 'REFUSED', 'UNKNOWN']) metrics.add('passkeys', [outcome], 0);
  for (const outcome of ['TRUSTED', 'USED']) metrics.add('trustedDevices', [outcome], 0);
  for (const { variable } of Object.values<Setting>(settings)) {
    if (variable.startsWith('LIMIT_')) metrics.add('limits', [variable], 0);
  }
  if (isFirstProcess()) watchDatabase(runtime);
}

/** Reports counts of PostgreSQL, which are the same in all processes. Absent in an outage. */
function watchDatabase({ metrics, sql, clock, database }: Runtime): void {
  const shared = <T>(read: () => Promise<T>) => {
    const readOnce = shareRecent(read, FRESH);
    return async () => (database.downSince ? undefined : readOnce());
  };
  const waiting = shared(() => readWaiting(sql));
  const failed = shared(() => readFailed(sql));
  metrics.watch({
    outboxWaiting: async () => (await waiting())?.map(({ kind, count }) => [kind, count]),
    outboxOldest: async () => (await waiting())?.map(({ kind, oldest }) => [kind, oldest]),
    outboxFailed: async () =>
      (await failed())?.map(({ kind, outcome, count }) => [kind, outcomeName(outcome), count]),
    keyAge: shared(() => readKeyAge(sql, clock.now())),
    webhookOldest: shared(async () => (await sql.query(readOldestDelivery))[0]?.age ?? 0),
    webhooksOff: shared(async () => (await sql.query(countOff))[0]?.count),
  });
}
