import type BeeQueue from 'bee-queue';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { RedisClient } from './redis.ts';

export interface Job {
  readonly entryId: string;
  /** Entries that were announced with it. Workers of earlier releases leave them to their sweep. */
  readonly others?: readonly string[];
}

/** The braces keep all keys on one node of a Redis Cluster. */
const PREFIX = '{gatehouse}';

/** Returns the Redis key of a part of Bee-Queue's data. */
export const keyOf = (kind: OutboxKind, name: 'waiting' | 'active' | 'stalling' | 'jobs'): string =>
  `${PREFIX}:${kind}:${name}`;

// The defaults keep every saved job in memory and every finished one in Redis.
const shared = {
  prefix: PREFIX,
  getEvents: false,
  sendEvents: false,
  storeJobs: false,
  removeOnSuccess: true,
  removeOnFailure: true,
};

/** Opens a queue. Requires a ready connection: a queue that loses Redis meanwhile is unusable. */
export async function openQueue(
  redis: RedisClient,
  kind: OutboxKind,
  settings: BeeQueue.QueueSettings,
): Promise<BeeQueue<Job>> {
  // With 80 modules it is loaded on first use: a server announces outside of requests.
  const { default: Queue } = await import('bee-queue');
  const queue = new Queue<Job>(kind, { ...shared, ...settings, redis });
  // An 'error' without a listener would end the process.
  queue.on('error', () => undefined);
  try {
    await queue.ready();
    await loadScripts(redis);
    return queue;
  } catch (error) {
    await queue.close(1).catch(() => undefined);
    throw error;
  }
}

/**
 * Loads Bee-Queue's scripts into every primary that answers. Bee-Queue itself loads them once, into any
 * one. The queue is in one of them, and does not need the others.
 */
export async function loadScripts(redis: RedisClient): Promise<void> {
  const { buildCache } = await import('bee-queue/lib/lua/index.js');
  await Promise.allSettled(redis.primaries().map(buildCache));
}
