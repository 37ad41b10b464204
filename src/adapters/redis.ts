import { type Command, Redis, type RedisOptions } from 'ioredis';
import { Availability } from '../concurrency/health-probe.ts';
import { type Endpoint, endpointOf } from '../errors/store-endpoint.ts';
import type { Log } from '../ports/logger.ts';

type Stream = Parameters<Redis['sendCommand']>[1];

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

/**
 * Writes as requests do. A Redis that is full or read-only, cannot save, or refuses this user a
 * command still answers a PING. KEYS: a hash, another key.
 */
const requestProbe = `
redis.call('HSET', KEYS[1], 'taken', 1, 'window', table.concat(redis.call('TIME'), '.'))
redis.call('HINCRBY', KEYS[1], 'taken', 1)
redis.call('HMGET', KEYS[1], 'taken', 'window')
redis.call('HGET', KEYS[1], 'taken')
redis.call('HGETALL', KEYS[1])
redis.call('HLEN', KEYS[1])
redis.call('HDEL', KEYS[1], 'window')
redis.call('PEXPIRE', KEYS[1], 1000)
redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[2], 1, 'EX', 1)
redis.call('GET', KEYS[2])
redis.call('EXISTS', KEYS[2])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SADD', KEYS[1], 1)
redis.call('SISMEMBER', KEYS[1], 1)
redis.call('SCARD', KEYS[1])
redis.call('PFADD', KEYS[2], 1)
redis.call('PFCOUNT', KEYS[2])
redis.call('EXPIRE', KEYS[2], 1)
return redis.call('DEL', KEYS[1], KEYS[2])`;

/** Writes as Bee-Queue does. */
const queueProbe = `
redis.call('HSET', KEYS[1], 'probe', 1)
redis.call('LPUSH', KEYS[2], 1)
redis.call('LREM', KEYS[2], 0, 1)
return redis.call('DEL', KEYS[1], KEYS[2])`;

const profiles = {
  request: { options: onRequest, probe: requestProbe },
  queue: { options: {}, probe: queueProbe },
} as const;

/** Replies stay as the types of ioredis have them. */
type Options = Omit<RedisOptions, 'replyMapping'>;

/** Commands that set up a connection: its user and its database. */
const setup = new Set(['auth', 'hello', 'select']);

/**
 * A connection that is closed if Redis refuses to set it up. ioredis itself would continue: in
 * database 0 after a failed SELECT, or as the default user after a failed AUTH. A refused CLIENT
 * SETNAME loses only the name.
 */
class CheckedRedis extends Redis {
  override sendCommand(command: Command, stream?: Stream): unknown {
    const answer = super.sendCommand(command, stream);
    if (setup.has(command.name)) {
      command.promise.catch((error: Error) => {
        // Redis before 6 does not know HELLO.
        if (!/NOPROTO|unknown command/i.test(error.message)) this.refused(error);
      });
    }
    return answer;
  }

  /** Closes the connection. Another one is tried later. */
  protected refused(_error: Error): void {
    this.disconnect(true);
  }
}

/** Bee-Queue tells a client by the name of its class, and knows `RedisClient`. */
export class RedisClient extends CheckedRedis {
  readonly availability: Availability;

  constructor(url: string, options: Options, probe: string, endpoint: Endpoint, log: Log) {
    super(url, options);
    const ask = () => this.eval(probe, 2, 'limit:{probe}', 'code:{probe}');
    const availability = new Availability(endpoint, log, ask);
    this.availability = availability;
    this.on('error', (error) => availability.markDown(error));
    this.on('ready', () => {
      ask().then(
        () => availability.markUp(),
        (error) => availability.markDown(error),
      );
    });
  }

  protected override refused(error: Error): void {
    super.refused(error);
    this.availability.markDown(error);
  }

  /**
   * What Bee-Queue waits for jobs on: for as long as there are none, once it is connected. It does
   * not come back when it breaks, but says so.
   */
  override duplicate(): Redis {
    const options = { ...this.options, commandTimeout: undefined, retryStrategy: null };
    const blocking = new CheckedRedis(options as Options);
    blocking.once('ready', () => {
      blocking.options.socketTimeout = undefined;
    });
    blocking.on('error', () => undefined);
    // Where Redis hangs up in good order, there is no error.
    return blocking.once('end', () => blocking.emit('error', new Error('Connection is closed.')));
  }
}

/** A connection that comes back by itself. It may not be up yet when this returns. */
export function openRedis(
  url: string,
  profile: keyof typeof profiles,
  log: Log,
  { setting = 'REDIS', ca }: { setting?: 'REDIS' | 'QUEUE_REDIS'; ca?: string | undefined } = {},
): RedisClient {
  const { options, probe } = profiles[profile];
  const named = {
    ...common,
    ...options,
    connectionName: `gatehouse-${profile}`,
    ...(ca && url.startsWith('rediss:') && { tls: { ca } }),
  };
  return new RedisClient(url, named, probe, endpointOf(setting, url), log);
}
