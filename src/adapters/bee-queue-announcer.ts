import { setTimeout as pause } from 'node:timers/promises';
import type BeeQueue from 'bee-queue';
import { batched } from '../concurrency/batched.ts';
import type { JobQueue, OutboxKind } from '../ports/job-queue.ts';
import type { Log } from '../ports/logger.ts';
import { type Job, keyOf, loadScripts, openQueue } from './bee-queue.ts';
import type { RedisClient } from './redis.ts';

/** Maximum entries of a job. */
const MAX_ENTRIES = 20;
/** Milliseconds until a server process announces again. Entries of the meantime share a job. */
const GAPS: Readonly<Record<OutboxKind, number>> = { mail: 10, audit: 20 };

/** Maximum waiting jobs per queue. The sweep finds outbox entries that were not announced. */
const MAX_WAITING = 10_000;

/** Creates the queue that announces outbox entries to the workers. */
export function createJobQueue(redis: RedisClient, log: Log): JobQueue {
  const announce = { mail: createAnnounce(redis, 'mail'), audit: createAnnounce(redis, 'audit') };
  return {
    announce(kind, entryId) {
      if (redis.status !== 'ready') return;
      announce[kind](entryId).catch((error: Error) => {
        const message = 'could not announce an outbox entry; the sweep will find it';
        log.debug({ kind, error: error.message }, message);
      });
    },
  };
}

function createAnnounce(redis: RedisClient, kind: OutboxKind) {
  /** Number of jobs that may be announced before the number of waiting jobs is read again. */
  let room = MAX_WAITING;
  let nextRead = 0;
  let queue: Promise<BeeQueue<Job>> | undefined;
  const save = async (data: Job) => {
    queue ??= openQueue(redis, kind, { isWorker: false }).catch((error) => {
      queue = undefined;
      throw error;
    });
    const job = (await queue).createJob(data);
    await job.save().catch(async (error) => {
      // Redis forgets scripts when it restarts, and a new primary has none.
      if (!/NOSCRIPT/.test(String(error))) throw error;
      await loadScripts(redis);
      await job.save();
    });
  };
  return batched<string, void>(async (entries) => {
    if (Date.now() >= nextRead) {
      nextRead = Date.now() + 1000;
      room = MAX_WAITING - (await redis.llen(keyOf(kind, 'waiting')));
    }
    const jobs = jobsOf(kind, entries).slice(0, Math.max(0, room));
    room -= jobs.length;
    await Promise.all(jobs.map(save));
    await pause(GAPS[kind], undefined, { ref: false });
    return [];
  });
}

/** Returns the jobs that announce entries. Any job of audit events makes a worker write all. */
function jobsOf(kind: OutboxKind, entries: readonly string[]): Job[] {
  if (kind === 'audit') return [{ entryId: entries[0] ?? '' }];
  const jobs: Job[] = [];
  for (let at = 0; at < entries.length; at += MAX_ENTRIES) {
    const [entryId = '', ...others] = entries.slice(at, at + MAX_ENTRIES);
    jobs.push({ entryId, ...(others.length > 0 && { others }) });
  }
  return jobs;
}
