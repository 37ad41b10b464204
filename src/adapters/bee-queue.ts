import BeeQueue from 'bee-queue';
import { buildCache } from 'bee-queue/lib/lua/index.js';
import type { JobQueue, OutboxKind } from '../ports/job-queue.ts';
import type { Log } from '../ports/logger.ts';
import type { RedisClient } from './redis.ts';

export interface Job {
  readonly entryId: string;
}

/** Jobs that may wait. Where workers are away for days, the sweep finds what was not announced. */
const MOST_WAITING = 10_000;

const PREFIX = '{gatehouse}';

/** Where Bee-Queue keeps what; one hash tag, so that Redis Cluster would keep it together. */
export const keyOf = (kind: OutboxKind, name: 'waiting' | 'active' | 'stalling' | 'jobs'): string =>
  `${PREFIX}:${kind}:${name}`;

// With the defaults every saved job stays in a map, and every finished one in Redis, for ever.
const shared = {
  prefix: PREFIX,
  getEvents: false,
  sendEvents: false,
  storeJobs: false,
  removeOnSuccess: true,
  removeOnFailure: true,
};

/**
 * A queue that is ready. The connection must be.
 *
 * @throws what went wrong; a queue that loses Redis while it is made is of no use for ever
 */
export async function openQueue(
  redis: RedisClient,
  kind: OutboxKind,
  settings: BeeQueue.QueueSettings,
): Promise<BeeQueue<Job>> {
  const queue = new BeeQueue<Job>(kind, { ...shared, ...settings, redis });
  // An 'error' without a listener would end the process.
  queue.on('error', () => undefined);
  try {
    return await queue.ready();
  } catch (error) {
    await queue.close(1).catch(() => undefined);
    throw error;
  }
}

/** The announcing side, for the server. */
export function createJobQueue(redis: RedisClient, log: Log): JobQueue {
  const queues: { [kind in OutboxKind]?: Promise<BeeQueue<Job>> } = {};
  const queueFor = (kind: OutboxKind) => {
    queues[kind] ??= openQueue(redis, kind, { isWorker: false }).catch((error) => {
      delete queues[kind];
      throw error;
    });
    return queues[kind];
  };
  const hasRoom = { mail: createRoom(redis, 'mail'), audit: createRoom(redis, 'audit') };

  const save = async (kind: OutboxKind, entryId: string) => {
    if (!(await hasRoom[kind]())) return;
    const job = (await queueFor(kind)).createJob({ entryId });
    await job.save().catch(async (error) => {
      // Redis forgets scripts when it restarts, and Bee-Queue loads them once.
      if (!/NOSCRIPT/.test(String(error))) throw error;
      await buildCache(redis);
      await job.save();
    });
  };
  return {
    announce(kind, entryId) {
      if (redis.status !== 'ready') return;
      save(kind, entryId).catch((error: Error) => {
        log.debug({ kind, error: error.message }, 'not announced');
      });
    },
  };
}

/** Whether another job may be announced: looks once a second how many wait, and counts from there. */
function createRoom(redis: RedisClient, kind: OutboxKind): () => Promise<boolean> {
  let room = MOST_WAITING;
  let lookAt = 0;
  return async () => {
    if (Date.now() >= lookAt) {
      lookAt = Date.now() + 1000;
      room = MOST_WAITING - (await redis.llen(keyOf(kind, 'waiting')));
    }
    room -= 1;
    return room >= 0;
  };
}
