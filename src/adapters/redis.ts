import { type Command, Redis, type RedisOptions } from 'ioredis';
import { HealthProbe } from '../concurrency/health-probe.ts';
import { type Endpoint, endpointOf } from '../errors/store-endpoint.ts';
import type { Log } from '../ports/logger.ts';
import type { SpanStart, Tracing } from '../ports/tracing.ts';
import { probes, type Replies, scripts } from './redis-scripts.ts';

type Stream = Parameters<Redis['sendCommand']>[1];

/** Options of every connection. A silent Redis is disconnected, so that commands do not pile up. */
const common = {
  connectTimeout: 1000,
  commandTimeout: 1000,
  socketTimeout: 1500,
  keepAlive: 10_000,
  retryStrategy: (attempt) => Math.min(attempt * 50, 1000),
  // After a failover, the host name leads to another primary.
  reconnectOnError: (error) => /\bREADONLY\b/.test(error.message),
} satisfies RedisOptions;

const profiles = {
  /** Commands of requests. None waits longer than a second for an unavailable Redis. */
  request: {
    // A script that has run must not run again because its reply was lost.
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    scripts: Object.fromEntries(Object.entries(scripts).map(([name, lua]) => [name, { lua }])),
  },
  // Sends the jobs that one turn of the event loop announces in one write.
  queue: { enableAutoPipelining: true },
} satisfies Record<string, RedisOptions>;

/** `replyMapping` would change the types of replies. */
type Options = Omit<RedisOptions, 'replyMapping'>;

/** Commands that set up a connection: its user and its database. */
const setup = new Set(['auth', 'hello', 'select']);

/**
 * A connection that is closed if Redis rejects its setup. ioredis itself would continue: in database
 * 0 after a failed SELECT, or as the default user after a failed AUTH.
 */
class CheckedRedis extends Redis {
  override sendCommand(command: Command, stream?: Stream): unknown {
    const result = super.sendCommand(command, stream);
    if (setup.has(command.name)) {
      command.promise.catch((error: Error) => {
        // Redis before 6 does not know HELLO.
        if (!/NOPROTO|unknown command/i.test(error.message)) this.rejected(error);
      });
    }
    return result;
  }

  /** Closes the connection. Another one is tried later. */
  protected rejected(_error: Error): void {
    this.disconnect(true);
  }
}

interface Services {
  readonly log: Log;
  readonly tracing: Tracing | undefined;
}

/** Returns the start of a command's span, without keys and values. */
const spanOf = (command: string, script?: string): SpanStart => ({
  name: [command.toUpperCase(), script].filter(Boolean).join(' '),
  kind: 'client',
  attributes: {
    'db.system.name': 'redis',
    'db.operation.name': command.toUpperCase(),
    ...(script && { 'db.stored_procedure.name': script }),
  },
});

/** A connection with a health probe. Bee-Queue recognizes clients by this class name. */
export class RedisClient extends CheckedRedis {
  readonly availability: HealthProbe;
  /** Not private: `super` connects before it is set. */
  readonly tracing: Tracing | undefined;

  constructor(
    url: string,
    options: Options,
    probe: string,
    endpoint: Endpoint,
    { log, tracing }: Services,
  ) {
    super(url, options);
    this.tracing = tracing;
    const ask = () => this.eval(probe, 2, 'limit:{probe}', 'code:{probe}');
    const availability = new HealthProbe({ part: endpoint, log, ask });
    this.availability = availability;
    const markDown = (error: Error) => availability.markDown(error);
    this.on('error', markDown);
    this.on('ready', () => void ask().then(() => availability.markUp(), markDown));
  }

  /** Number of commands without a reply. */
  get pending(): number {
    return this.commandQueue.length + this.autoPipelineQueueSize;
  }

  protected override rejected(error: Error): void {
    super.rejected(error);
    this.availability.markDown(error);
  }

  /** Sends a command, in a span unless `run` has started that of its script. */
  override sendCommand(command: Command, stream?: Stream): unknown {
    const { tracing } = this;
    if (!tracing || command.name.startsWith('eval')) return super.sendCommand(command, stream);
    return tracing.run(spanOf(command.name), () => super.sendCommand(command, stream));
  }

  /** Runs a script. It reads `input` as JSON from ARGV[1]. */
  run<Name extends keyof Replies>(name: Name, keys: readonly string[], input: object) {
    type Run = (...args: unknown[]) => Promise<Replies[Name]>;
    const commands = this as unknown as Record<Name, Run>;
    const { tracing } = this;
    if (!tracing) return commands[name](keys.length, ...keys, JSON.stringify(input));
    const run = () => commands[name](keys.length, ...keys, JSON.stringify(input));
    return tracing.run(spanOf('evalsha', name), run);
  }

  /** Opens Bee-Queue's connection that waits for jobs. It does not reconnect after an error. */
  override duplicate(): Redis {
    const options = {
      ...this.options,
      commandTimeout: undefined,
      retryStrategy: null,
      enableAutoPipelining: false,
    };
    const blocking = new CheckedRedis(options as Options);
    blocking.once('ready', () => {
      blocking.options.socketTimeout = undefined;
    });
    blocking.on('error', () => undefined);
    // An orderly close by Redis emits no error.
    return blocking.once('end', () => blocking.emit('error', new Error('Connection is closed.')));
  }
}

interface Settings {
  readonly setting?: 'REDIS' | 'QUEUE_REDIS';
  readonly ca?: string | undefined;
  readonly tracing?: Tracing | undefined;
}

/** Opens a connection that reconnects by itself. It may not be ready when this returns. */
export function openRedis(
  url: string,
  profile: keyof typeof profiles,
  log: Log,
  { setting = 'REDIS', ca, tracing }: Settings = {},
): RedisClient {
  const options = {
    ...common,
    ...profiles[profile],
    connectionName: `gatehouse-${profile}`,
    ...(ca && url.startsWith('rediss:') && { tls: { ca } }),
  };
  const endpoint = endpointOf(setting, url);
  return new RedisClient(url, options, probes[profile], endpoint, { log, tracing });
}
