import type { Command, RedisOptions } from 'ioredis';
import { HealthProbe } from '../concurrency/health-probe.ts';
import { type Endpoint, endpointOf } from '../errors/store-endpoint.ts';
import type { Log } from '../ports/logger.ts';
import type { SpanStart, Tracing } from '../ports/tracing.ts';
import { redisAddressOf } from './redis-address.ts';
import { CheckedRedis, RedisCluster, type Stream } from './redis-connections.ts';
import { probes, type Replies, scripts } from './redis-scripts.ts';

/** Options of every connection. A silent Redis is disconnected, so that commands do not pile up. */
const common = {
  connectTimeout: 1000,
  commandTimeout: 1000,
  socketTimeout: 1500,
  keepAlive: 10_000,
  // CLIENT SETINFO would need a permission, and Redis before 7.2 rejects it.
  disableClientInfo: true,
} satisfies RedisOptions;

const retry = (attempt: number) => Math.min(attempt * 50, 1000);

const single = {
  retryStrategy: retry,
  sentinelRetryStrategy: retry,
  sentinelCommandTimeout: 1000,
  // After a failover, the host name leads to another primary.
  reconnectOnError: (error: Error) => /\bREADONLY\b/.test(error.message),
} satisfies RedisOptions;

const cluster = {
  clusterRetryStrategy: retry,
  slotsRefreshTimeout: 1000,
  slotsRefreshInterval: 2000,
  // A script that has run must not run again because its reply was lost.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  // Keeps host names, to which TLS certificates belong.
  dnsLookup: (name: string, done: (error: null, address: string) => void) => done(null, name),
};

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

type Profile = keyof typeof profiles;

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

/** Adds a health probe and scripts. Bee-Queue recognizes clients by the name of this class. */
const clientOn = (Connection: typeof CheckedRedis) =>
  class RedisClient extends Connection {
    readonly availability: HealthProbe;
    /** Not private: `super` connects before it is set. */
    readonly tracing: Tracing | undefined;
    readonly profile: Profile;

    constructor(
      connection: readonly unknown[],
      profile: Profile,
      endpoint: Endpoint,
      { log, tracing }: Services,
    ) {
      super(...(connection as [Omit<RedisOptions, 'replyMapping'>]));
      this.tracing = tracing;
      this.profile = profile;
      const { lua, keys } = probes[profile];
      const ask = () =>
        Promise.all([
          this.eval(lua, keys.length, ...keys),
          ...this.primaries().map((node) => node !== this && node.ping()),
        ]);
      const availability = new HealthProbe({ part: endpoint, log, ask });
      this.availability = availability;
      const markDown = (error: Error) => availability.markDown(error);
      this.on('error', markDown);
      this.on('ready', () => void ask().then(() => availability.markUp(), markDown));
    }

    protected override rejected(error: Error): void {
      super.rejected(error);
      this.availability.markDown(error);
    }

    /** Sends a command, in a span unless `run` has started that of its script. */
    override sendCommand(command: Command, ...target: [stream?: Stream]): unknown {
      const { tracing } = this;
      const send = () => super.sendCommand(command, ...target);
      if (!tracing || command.name.startsWith('eval')) return send();
      return tracing.run(spanOf(command.name), send);
    }

    /** Runs a script. It reads `input` as JSON from ARGV[1]. */
    run<Name extends keyof Replies>(name: Name, keys: readonly string[], input: object) {
      type Run = (...args: unknown[]) => Promise<Replies[Name]>;
      const commands = this as unknown as Record<Name, Run>;
      const { tracing } = this;
      const run = () => commands[name](keys.length, ...keys, JSON.stringify(input));
      return tracing ? tracing.run(spanOf('evalsha', name), run) : run();
    }
  };

const SingleClient = clientOn(CheckedRedis);
// A cluster has the same commands.
const ClusterClient = clientOn(RedisCluster as unknown as typeof CheckedRedis);

/** Connections to a single Redis, to the primary that sentinels name, or to the nodes of a cluster. */
export type RedisClient = InstanceType<typeof SingleClient>;

interface Settings {
  readonly setting?: 'REDIS' | 'QUEUE_REDIS';
  readonly ca?: string | undefined;
  readonly tracing?: Tracing | undefined;
  /** Sends the commands of one turn of the event loop in one write. Spans would lose their parents. */
  readonly gathers?: boolean;
}

/** Opens a connection that reconnects by itself. It may not be ready when this returns. */
export function openRedis(
  url: string,
  profile: Profile,
  log: Log,
  { setting = 'REDIS', ca, tracing, gathers = false }: Settings = {},
): RedisClient {
  const { options, nodes } = redisAddressOf(url, ca);
  const ofNode = { ...common, ...options, connectionName: `gatehouse-${profile}` };
  const services = { log, tracing };
  const endpoint = endpointOf(setting, url);
  if (nodes === undefined) {
    const gathering = gathers && !tracing && { enableAutoPipelining: true };
    const all = { ...single, ...profiles[profile], ...ofNode, ...gathering };
    return new SingleClient([all], profile, endpoint, services);
  }
  const all = { ...cluster, ...profiles[profile], redisOptions: ofNode };
  return new ClusterClient([nodes, all], profile, endpoint, services);
}
