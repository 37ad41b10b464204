import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../ports.ts';

/** Bee-Queue tells a client by the name of its class, and knows `RedisClient`. */
export class RedisClient extends Redis {}

/** Commands of a request: none waits longer than a second for a Redis that is away. */
const onRequest = {
  // A script that has run must not run again because its answer was lost.
  autoResendUnfulfilledCommands: false,
  commandTimeout: 1000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
} satisfies RedisOptions;

/** Announcing a job: may wait for a reconnection, but not for long. */
const producing = { maxRetriesPerRequest: 1 } satisfies RedisOptions;

/** Waiting for jobs: blocks for as long as there are none, and over restarts of Redis. */
const consuming = { maxRetriesPerRequest: null } satisfies RedisOptions;

const profiles = { request: onRequest, producer: producing, consumer: consuming };

/** A connection that comes back by itself. It may not be up yet when this returns. */
export function openRedis(url: string, profile: keyof typeof profiles, log: Log): RedisClient {
  const client = new RedisClient(url, {
    connectTimeout: 1000,
    keepAlive: 10_000,
    connectionName: `gatehouse-${profile}`,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1000),
    ...profiles[profile],
  });
  let away = false;
  client.on('error', (error: NodeJS.ErrnoException) => {
    if (!away) log.warn({ code: error.code ?? error.name, profile }, 'Redis is away');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info({ profile }, 'Redis is back');
    away = false;
  });
  return client;
}
