import { setTimeout as pause } from 'node:timers/promises';
import type BeeQueue from 'bee-queue';
import pLimit, { type LimitFunction } from 'p-limit';
import { HealthProbe } from '../concurrency/health-probe.ts';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { Log } from '../ports/logger.ts';
import { type Job, keyOf, openQueue } from './bee-queue.ts';
import type { RedisClient } from './redis.ts';

/** Milliseconds. A job whose worker died is given to another within three of the first. */
const STALL_INTERVAL = 2500;
const LOOK_INTERVAL = 1000;
/** Milliseconds that a job which runs may take to its end. */
const LONGEST_JOB = 120_000;

/** What a worker does for a queue. */
interface Duty {
  readonly redis: RedisClient;
  readonly kind: OutboxKind;
  /** Runs so many jobs at once. */
  readonly hands: LimitFunction;
  readonly handle: (entryId: string) => Promise<void>;
  readonly log: Log;
}

export interface JobConsumer {
  /** Takes no new job; resolves when those that run have ended. */
  close(): Promise<void>;
}

/**
 * The working side of a queue. `handle` must deal with its failures itself: a job is never tried
 * again.
 *
 * A Bee-Queue that has met an error may work with fewer hands from then on, after minutes, or never
 * again. So it is thrown away, whatever happened to it, and another one opened.
 */
export function consumeJobs(
  redis: RedisClient,
  kind: OutboxKind,
  concurrency: number,
  handle: Duty['handle'],
  log: Log,
): JobConsumer {
  const stopping = new AbortController();
  const { signal } = stopping;
  const duty: Duty = { redis, kind, hands: pLimit(concurrency), handle, log };
  const availability = new HealthProbe({ part: `The ${kind} queue`, log });
  const closing = new Set<Promise<void>>();

  const consume = async () => {
    const queue = await openQueue(redis, kind, { isWorker: true, stallInterval: STALL_INTERVAL });
    try {
      await tend(queue, duty, signal, () => availability.markUp());
    } finally {
      // Its jobs go on meanwhile.
      const closed = queue.close(LONGEST_JOB).catch(() => undefined);
      closing.add(closed);
      void closed.then(() => closing.delete(closed));
    }
  };
  const consuming = (async () => {
    while (!signal.aborted) {
      if (redis.status === 'ready') {
        await consume().catch((error: Error) => {
          if (signal.aborted) return;
          availability.markDown(error);
          log.debug({ kind, error: error.message }, 'another queue will be opened');
        });
      }
      await pause(300, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    async close() {
      stopping.abort();
      await consuming;
      await Promise.all(closing);
    },
  };
}

/** Lets a queue work for as long as all is well with it. @throws what is wrong */
async function tend(
  queue: BeeQueue<Job>,
  duty: Duty,
  signal: AbortSignal,
  isWell: () => void,
): Promise<never> {
  const { redis, kind, hands } = duty;
  let failure: Error | undefined;
  queue.on('error', (error) => {
    // That of a job which is no JSON does no harm to the queue.
    if (!(error instanceof SyntaxError)) failure ??= error;
  });
  let taken = 0;
  queue.process(hands.concurrency, async ({ data: { entryId } }) => {
    taken += 1;
    if (!isEntryId(entryId)) throw new Error('this is no job');
    await hands(() => duty.handle(entryId));
  });
  for (let stuck = 0; stuck < 2; ) {
    const before = taken;
    await pause(LOOK_INTERVAL, undefined, { signal });
    if (failure) throw failure;
    await queue.checkStalledJobs();
    await dropPoison(duty);
    isWell();
    const isIdle = taken === before && hands.activeCount < hands.concurrency;
    const waiting = isIdle ? await redis.llen(keyOf(kind, 'waiting')) : 0;
    stuck = waiting > 0 ? stuck + 1 : 0;
  }
  throw new Error('jobs wait, and none comes: a connection hangs');
}

/**
 * Drops from the jobs that run what is none: Bee-Queue would fail with it and take it up again, for
 * ever.
 *
 * @throws where there were such: a queue that has met one counts its hands wrong
 */
async function dropPoison({ redis, kind, log }: Duty): Promise<void> {
  const ids = await redis.lrange(keyOf(kind, 'active'), 0, -1);
  if (ids.length === 0) return;
  const texts = await redis.hmget(keyOf(kind, 'jobs'), ...ids);
  let dropped = 0;
  for (const [index, id] of ids.entries()) {
    if (isJob(texts[index])) continue;
    const removed = await redis
      .multi()
      .lrem(keyOf(kind, 'active'), 0, id)
      .srem(keyOf(kind, 'stalling'), id)
      .hdel(keyOf(kind, 'jobs'), id)
      .exec();
    // One that has ended meanwhile has no text either, but is not among those that run.
    dropped += Number(removed?.[0]?.[1]);
  }
  if (dropped === 0) return;
  log.warn({ kind, dropped }, 'the queue held what is no job');
  throw new Error('the queue held what is no job');
}

function isJob(text: string | null | undefined): boolean {
  try {
    return isEntryId(JSON.parse(text ?? '').data.entryId);
  } catch {
    return false;
  }
}

const isEntryId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
