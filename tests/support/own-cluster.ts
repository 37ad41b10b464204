import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#dev/free-port.ts';
import { type NodeTls, password, type RedisNode, startRedisNode, until } from './redis-node.ts';

const SLOTS = 16_384;

interface ClusterNode extends RedisNode {
  readonly id: string;
}

export interface OwnCluster {
  /** For `REDIS_URL`. */
  readonly url: string;
  readonly nodes: readonly ClusterNode[];
  /** Waits until all nodes that run agree that every slot has a primary. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a Redis Cluster: first the primaries, which share the slots, then their replicas in the same
 * order.
 *
 * @param tls makes them speak TLS only, under the name `localhost`
 */
export async function startOwnCluster(
  primaries: number,
  replicas = 0,
  tls?: NodeTls,
): Promise<OwnCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-cluster-'));
  const nodes: ClusterNode[] = [];
  for (let index = 0; index < primaries + replicas; index += 1)
    nodes.push(await startNode(join(directory, String(index)), tls));
  const buses = await Promise.all(nodes.map((node) => node.run('CONFIG', 'GET', 'cluster-port')));
  const [first] = nodes;
  if (!first) throw new Error('a cluster needs a node');
  for (const [index, { port }] of nodes.entries())
    await first.run('CLUSTER', 'MEET', '127.0.0.1', String(port), portOf(buses[index]));
  for (const [index, node] of nodes.slice(0, primaries).entries()) {
    const [start, end] = [index, index + 1].map((at) => Math.floor((at * SLOTS) / primaries));
    await node.run('CLUSTER', 'ADDSLOTSRANGE', String(start), String(Number(end) - 1));
  }
  const settled = () => untilSettled(nodes);
  await settled();
  for (const [index, node] of nodes.slice(primaries).entries())
    await node.run('CLUSTER', 'REPLICATE', nodes[index % primaries]?.id ?? '');
  for (const node of nodes.slice(primaries))
    await until(async () =>
      /master_link_status:up/.test(String(await node.run('INFO', 'replication'))),
    );
  const hosts = nodes.slice(0, 3).map(({ port }) => `${tls ? 'localhost' : '127.0.0.1'}:${port}`);
  return {
    url: `${tls ? 'rediss' : 'redis'}://:${password}@${hosts.join(',')}`,
    nodes,
    settled,
    async close() {
      await Promise.all(nodes.map((node) => node.kill()));
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const namedNode = [
  'tls-cluster yes',
  'cluster-announce-hostname localhost',
  'cluster-preferred-endpoint-type hostname',
];

async function startNode(directory: string, tls?: NodeTls): Promise<ClusterNode> {
  const settings = [
    'cluster-enabled yes',
    'cluster-node-timeout 2000',
    `cluster-port ${await freePort()}`,
    `masterauth "${password}"`,
    ...(tls ? namedNode : []),
  ];
  const node = await startRedisNode(directory, settings, tls);
  return { ...node, id: String(await node.run('CLUSTER', 'MYID')) };
}

async function untilSettled(nodes: readonly ClusterNode[]): Promise<void> {
  await until(async () => {
    const texts = await Promise.all(
      nodes.map((node) => node.run('CLUSTER', 'INFO').catch(() => undefined)),
    );
    const live = texts.filter((text) => text !== undefined).map(String);
    const known = `cluster_known_nodes:${nodes.length}\r`;
    return live.every((text) => text.includes('cluster_state:ok') && text.includes(known));
  });
}

const portOf = (reply: unknown) => String(Array.isArray(reply) ? reply[1] : '');
