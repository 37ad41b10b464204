import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../ports.ts';
import { Availability } from './availability.ts';

/** Of every connection. What a Redis that is silent has been sent must not pile up: it is left. */
const common = {
  connectTimeout: 1000,
  commandTimeout: 1000,
  socketTimeout: 1500,
  keepAlive: 10_000,
  retryStrategy: (attempt) => Math.min(attempt * 50, 1000),
  // After a failover the former primary takes no writes, and its name leads to another.
  reconnectOnError: (error) => /\bREADONLY\b/.test(error.message),
} satisfies RedisOptions;

/** Commands of a request: none waits longer than a second for a Redis that is away. */
const onRequest = {
  // A script that has run must not run again because its answer was lost.
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
} satisfies RedisOptions;

const profiles = {
  request: { part: 'Redis', options: onRequest },
  queue: { part: 'The Redis of the queue', options: {} },
};

/** Replies stay as the types of ioredis have them. */
type Options = Omit<RedisOptions, 'replyMapping'>;

/** Bee-Queue tells a client by the name of its class, and knows `RedisClient`. */
export class RedisClient extends Redis {
  readonly availability: Availability;

  constructor(url: string, options: Options, part: string, log: Log) {
    super(url, options);
    this.availability = new Availability(part, log, () => this.ping());
    this.on('error', (error) => this.availability.away(error));
    this.on('ready', () => this.availability.here());
  }

  /**
   * What Bee-Queue waits for jobs on: for as long as there are none, once it is connected. It does
   * not come back when it breaks, but says so.
   */
  override duplicate(): Redis {
    const blocking = super.duplicate({ commandTimeout: undefined, retryStrategy: null });
    blocking.once('ready', () => {
      blocking.options.socketTimeout = undefined;
    });
    blocking.on('error', () => undefined);
    // Where Redis hangs up in good order, there is no error.
    return blocking.once('end', () => blocking.emit('error', new Error('Connection is closed.')));
  }
}

/** A connection that comes back by itself. It may not be up yet when this returns. */
export function openRedis(url: string, profile: keyof typeof profiles, log: Log): RedisClient {
  const { part, options } = profiles[profile];
  const named = { ...common, ...options, connectionName: `gatehouse-${profile}` };
  return new RedisClient(url, named, part, log);
}
