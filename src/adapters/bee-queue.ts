import { setTimeout as pause } from 'node:timers/promises';
import BeeQueue from 'bee-queue';
import { buildCache } from 'bee-queue/lib/lua/index.js';
import type { JobQueue, Log, OutboxKind } from '../ports.ts';
import type { RedisClient } from './redis.ts';

interface Job {
  readonly entryId: string;
}

/** Milliseconds after which a job whose worker died is given to another. */
const STALL_INTERVAL = 5000;
const CHECK_INTERVAL = 2500;

// With the defaults every saved job stays in a map, and every finished one in Redis, for ever.
const shared = {
  prefix: '{gatehouse}',
  getEvents: false,
  sendEvents: false,
  storeJobs: false,
  removeOnSuccess: true,
  removeOnFailure: true,
  stallInterval: STALL_INTERVAL,
};

/** A queue that is ready. One that loses Redis while it is made is of no use for ever: try again. */
async function openQueue(
  client: RedisClient,
  kind: OutboxKind,
  log: Log,
  settings: object,
): Promise<BeeQueue<Job>> {
  for (;;) {
    await whenReady(client);
    const queue = new BeeQueue<Job>(kind, { ...shared, redis: client, ...settings });
    // An 'error' without a listener would end the process.
    queue.on('error', (error) => log.debug({ kind, error: error.message }, 'queue'));
    try {
      await queue.ready();
      return queue;
    } catch (error) {
      log.debug({ kind, error: (error as Error).message }, 'queue not opened');
      await queue.close(1).catch(() => undefined);
      await pause(500);
    }
  }
}

/** Redis forgets scripts at a restart, and Bee-Queue loads them once: load them at each 'ready'. */
function keepScripts(client: RedisClient, log: Log): void {
  client.on('ready', () => {
    buildCache(client).catch((error: Error) => log.debug({ error: error.message }, 'scripts'));
  });
}

function whenReady(client: RedisClient): Promise<void> {
  return client.status === 'ready'
    ? Promise.resolve()
    : new Promise((resolve) => client.once('ready', () => resolve()));
}

/** The announcing side, for the server. */
export function createJobQueue(client: RedisClient, log: Log): JobQueue {
  keepScripts(client, log);
  const queues = {
    mail: openQueue(client, 'mail', log, { isWorker: false }),
    audit: openQueue(client, 'audit', log, { isWorker: false }),
  };
  return {
    announce(kind, entryId) {
      if (client.status !== 'ready') return;
      const save = async () => {
        const queue = await queues[kind];
        try {
          await queue.createJob({ entryId }).save();
        } catch (error) {
          if (!/NOSCRIPT/.test(String(error))) throw error;
          await buildCache(client);
          await queue.createJob({ entryId }).save();
        }
      };
      save().catch((error: Error) => log.debug({ kind, error: error.message }, 'not announced'));
    },
  };
}

export interface JobConsumer {
  /** Takes no new job, and waits for the running ones, at most `timeout` milliseconds. */
  close(timeout: number): Promise<void>;
}

/** The working side. `handle` must deal with its failures itself: a job is never tried again. */
export async function consumeJobs(
  client: RedisClient,
  kind: OutboxKind,
  concurrency: number,
  handle: (entryId: string) => Promise<void>,
  log: Log,
): Promise<JobConsumer> {
  keepScripts(client, log);
  const settings = { isWorker: true, activateDelayedJobs: true };
  const queue = await openQueue(client, kind, log, settings);
  queue.process(concurrency, (job) => handle(job.data.entryId));
  const check = setInterval(() => {
    queue
      .checkStalledJobs()
      .catch((error: Error) => log.debug({ kind, error: error.message }, 'stalled jobs'));
  }, CHECK_INTERVAL);
  return {
    async close(timeout) {
      clearInterval(check);
      await queue.close(timeout).catch(() => undefined);
    },
  };
}
