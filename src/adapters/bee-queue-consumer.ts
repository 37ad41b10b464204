import { setTimeout as pause } from 'node:timers/promises';
import type BeeQueue from 'bee-queue';
import type { GroupLimit } from '../concurrency/group-limit.ts';
import { HealthProbe } from '../concurrency/health-probe.ts';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { Log } from '../ports/logger.ts';
import { type Job, keyOf, openQueue } from './bee-queue.ts';
import type { RedisClient } from './redis.ts';

/**
 * Milliseconds. If its worker dies, a job goes to another worker within three of these intervals.
 */
const STALL_INTERVAL = 2500;
const CHECK_INTERVAL = 1000;
/** Maximum milliseconds that a running job gets when its queue closes. */
const MAX_JOB = 120_000;

interface Consumption {
  readonly redis: RedisClient;
  readonly kind: OutboxKind;
  readonly limit: GroupLimit;
  readonly handle: (entryId: string) => Promise<void>;
  readonly log: Log;
  readonly health: HealthProbe;
  readonly signal: AbortSignal;
  /** Queues that still run their last jobs. */
  readonly closing: Set<Promise<void>>;
}

/**
 * Consumes the jobs of a queue. `handle` must deal with its failures: a job is never tried again. After
 * an error, a Bee-Queue may run fewer concurrent jobs, or none. It is then replaced.
 *
 * @param limit limits the entries that are handled at once
 */
export function consumeJobs(
  redis: RedisClient,
  kind: OutboxKind,
  limit: GroupLimit,
  handle: Consumption['handle'],
  log: Log,
) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const health = new HealthProbe({ part: `The ${kind} queue`, log });
  const closing = new Set<Promise<void>>();
  const consuming = consume({ redis, kind, limit, handle, log, health, signal, closing });
  return {
    /** Starts no more entries. Resolves when the running ones have ended. */
    async close() {
      stopping.abort();
      await consuming;
      await Promise.all(closing);
    },
  };
}

async function consume(consumption: Consumption): Promise<void> {
  const { redis, kind, log, health, signal, closing } = consumption;
  const options = { isWorker: true, stallInterval: STALL_INTERVAL };
  const consumeQueue = async () => {
    const queue = await openQueue(redis, kind, options);
    await processJobs(queue, consumption).finally(() => {
      // Does not wait: running jobs continue while the next queue opens.
      const closed = queue.close(MAX_JOB).catch(() => undefined);
      closing.add(closed);
      void closed.then(() => closing.delete(closed));
    });
  };
  while (!signal.aborted) {
    if (redis.status === 'ready') {
      await consumeQueue().catch((error: Error) => {
        if (signal.aborted) return;
        health.markDown(error);
        log.debug({ kind, error: error.message }, 'reopening the queue after an error');
      });
    }
    await pause(300, undefined, { signal }).catch(() => undefined);
  }
}

/** Processes the jobs of a queue until it fails. */
async function processJobs(queue: BeeQueue<Job>, consumption: Consumption): Promise<never> {
  const { redis, kind, limit, handle, health, signal } = consumption;
  let failure: Error | undefined;
  queue.on('error', (error) => {
    // A job that is not JSON does not harm the queue.
    if (!(error instanceof SyntaxError)) failure ??= error;
  });
  let taken = 0;
  queue.process(limit.most, async ({ data }) => {
    taken += 1;
    const entries = entriesOf(data);
    if (!entries) throw new Error('the job has no valid outbox entry ID');
    // The sweep finds the others.
    const start = async (entryId: string) => {
      if (!signal.aborted) await handle(entryId);
    };
    await Promise.all(entries.map((entryId) => limit.run(() => start(entryId))));
  });
  for (let stuck = 0; stuck < 2; ) {
    const before = taken;
    await pause(CHECK_INTERVAL, undefined, { signal });
    if (failure) throw failure;
    await queue.checkStalledJobs();
    await dropInvalidJobs(consumption);
    health.markUp();
    const isIdle = taken === before && limit.running < limit.most;
    const waiting = isIdle ? await redis.llen(keyOf(kind, 'waiting')) : 0;
    stuck = waiting > 0 ? stuck + 1 : 0;
  }
  throw new Error('jobs are waiting, but the queue consumes none: its connection is stuck');
}

/**
 * Drops active entries that are not valid jobs. Bee-Queue would retry them forever. Throws if there
 * were any, because the queue has then lost count of its running jobs.
 */
async function dropInvalidJobs({ redis, kind, log }: Consumption): Promise<void> {
  const ids = await redis.lrange(keyOf(kind, 'active'), 0, -1);
  if (ids.length === 0) return;
  const texts = await redis.hmget(keyOf(kind, 'jobs'), ...ids);
  let dropped = 0;
  for (const id of ids.filter((_, index) => !isJob(texts[index]))) {
    const removed = await redis
      .multi()
      .lrem(keyOf(kind, 'active'), 0, id)
      .srem(keyOf(kind, 'stalling'), id)
      .hdel(keyOf(kind, 'jobs'), id)
      .exec();
    // A job that has ended meanwhile has no text either, but is no longer active.
    dropped += Number(removed?.[0]?.[1]);
  }
  if (dropped === 0) return;
  log.warn({ kind, dropped }, 'dropped invalid jobs from the queue');
  throw new Error('the queue contained invalid jobs');
}

function isJob(text: string | null | undefined): boolean {
  try {
    return entriesOf(JSON.parse(text ?? '').data) !== undefined;
  } catch {
    return false;
  }
}

/** Returns the entries of a job; undefined if one of them is invalid. */
function entriesOf({ entryId, others = [] }: Partial<Job>): string[] | undefined {
  const entries = [entryId, ...others];
  return entries.every(isEntryId) ? entries : undefined;
}

const isEntryId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
