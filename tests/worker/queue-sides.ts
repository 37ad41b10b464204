import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { createJobQueue } from '#src/adapters/bee-queue-announcer.ts';
import { consumeJobs } from '#src/adapters/bee-queue-consumer.ts';
import { createLog } from '#src/adapters/pino-log.ts';
import { openRedis, type RedisClient } from '#src/adapters/redis.ts';
import { GroupLimit } from '#src/concurrency/group-limit.ts';
import type { JobQueue } from '#src/ports/job-queue.ts';

/** The two sides of the queue alone: no sweep does its work. */
const log = createLog('silent', 'tests');

/** Milliseconds. */
export const SOON = 4000;

function open(url: string): RedisClient {
  const client = openRedis(url, 'queue', log);
  onTestFinished(() => client.disconnect());
  return client;
}

/** The announcing side of a server, once it is connected. */
export async function startServer(url: string): Promise<JobQueue> {
  const client = open(url);
  await expect.poll(() => client.status).toBe('ready');
  return createJobQueue(client, log);
}

/** The queue's side of a worker. @returns the entries that it was given so far, oldest first */
export function startWorker(url: string): string[] {
  const given: string[] = [];
  startConsumer(url, async (entryId) => void given.push(entryId));
  return given;
}

/** Consumes jobs. Starts three of their entries, and others when two are left. */
export function startConsumer(url: string, handle: (entryId: string) => Promise<void>) {
  const limit = new GroupLimit({ most: 5, few: 2 });
  const consumer = consumeJobs(open(url), 'mail', limit, handle, log);
  onTestFinished(() => consumer.close());
  return consumer;
}

/** Announces one entry after the other until one of them is handled. */
export async function expectWork(server: JobQueue, given: string[], within = SOON): Promise<void> {
  const announced = new Set<string>();
  const look = () => {
    const entryId = randomUUID();
    server.announce('mail', entryId);
    announced.add(entryId);
    return given.some((id) => announced.has(id));
  };
  await expect.poll(look, { timeout: within, interval: 50 }).toBe(true);
}
