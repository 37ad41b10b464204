import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onEndSignals } from '#dev/end-signals.ts';
import { freePort } from '#dev/free-port.ts';
import type { Variables } from '#src/config/load-config.ts';
import type { Server } from '#tests/support/installation.ts';
import type { ManagedProcess } from '#tests/support/managed-process.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { createDatabase } from './create-database.ts';
import { type Etcd, startEtcd } from './etcd.ts';
import { type Gatehouse, startGatehouse } from './gatehouse.ts';
import type { Network } from './network.ts';
import { type Patroni, startPatroni } from './patroni.ts';
import { type Pooler, startPooler } from './pooler.ts';
import { type RedisSide, type RedisVariant, startRedisSide } from './redis-side.ts';

/** Three servers and two workers, and all that they need, on this machine. */
export interface Topology {
  /** URL of the balancer. */
  readonly url: string;
  readonly etcd: Etcd;
  readonly patroni: Patroni;
  readonly poolers: readonly Pooler[];
  readonly balancer: Balancer;
  readonly redis: RedisSide;
  readonly servers: readonly Server[];
  readonly workers: readonly ManagedProcess[];
  /** The network between the last server and the stores. */
  readonly network: Network;
  /** The environment of every server and worker. */
  readonly variables: Variables;
  readonly directory: string;
  readonly logFiles: readonly string[];
  close(): Promise<void>;
}

export interface TopologyOptions {
  readonly redis: RedisVariant;
  /** A mail server for each worker. */
  readonly smtpUrls: readonly string[];
  readonly variables: Variables;
  readonly say: (line: string) => void;
}

/** Starts everything and waits until it serves. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-topology-'));
  // An ordinary user runs the daemons.
  chmodSync(directory, 0o711);
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  const stopListening = onEndSignals(
    () => void close().finally(() => process.exit(1)),
    () => process.exit(1),
  );
  closing.push(stopListening);
  try {
    return { ...(await startParts(options, directory, closing)), directory, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Parts = Omit<Topology, 'directory' | 'close'>;

async function startParts(
  { redis: variant, say, ...options }: TopologyOptions,
  directory: string,
  closing: (() => unknown)[],
): Promise<Parts> {
  say('etcd');
  const etcd = await startEtcd(directory);
  closing.push(() => Promise.all(etcd.members.map((member) => member.kill())));
  say('PostgreSQL');
  const patroni = await startPatroni(directory, etcd.hosts);
  closing.push(() => Promise.all(patroni.nodes.map((node) => node.kill())));
  const ports = { api: await freePort(), pooler: await freePort(), primary: await freePort() };
  const poolers: Pooler[] = [];
  for (const name of ['pooler-1', 'pooler-2']) {
    const pooler = await startPooler(directory, name, ports.primary);
    closing.push(() => pooler.kill());
    poolers.push(pooler);
  }
  const servers = [await freePort(), await freePort(), await freePort()];
  const balancer = await startBalancer(directory, {
    ...ports,
    servers,
    poolers: poolers.map(({ port }) => port),
    nodes: patroni.nodes,
  });
  closing.push(() => balancer.kill());
  say('Redis');
  const redis = await startRedisSide(variant);
  closing.push(() => redis.close());
  say('database');
  const databaseUrl = await createDatabase(ports.pooler);
  say('servers and workers');
  const gatehouse: Gatehouse = await startGatehouse({
    ...options,
    directory,
    ports: servers,
    url: balancer.url,
    databaseUrl,
    databasePort: ports.pooler,
    redis,
  });
  closing.push(() => gatehouse.close());
  await balancer.settled();
  const daemons = [...etcd.members, ...patroni.nodes, ...poolers, balancer];
  const logFiles = [...gatehouse.logFiles, ...daemons.map(({ logFile }) => logFile)];
  return {
    ...{ url: balancer.url, etcd, patroni, poolers, balancer, redis },
    ...gatehouse,
    logFiles,
  };
}
