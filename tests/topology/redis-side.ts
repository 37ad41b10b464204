import { type OwnCluster, startOwnCluster } from '#tests/support/own-cluster.ts';
import { type OwnSentinels, startOwnSentinels } from '#tests/support/own-sentinels.ts';
import { type RedisNode, until } from '#tests/support/redis-node.ts';

export type RedisVariant = 'cluster' | 'sentinel';

/** The Redis servers of the topology. */
export interface RedisSide {
  /** For `REDIS_URL`. */
  readonly url: string;
  /** Ports that a server may connect to. */
  readonly ports: readonly number[];
  /** Nodes that accept writes. */
  primaries(): Promise<RedisNode[]>;
  /** Waits until each primary has a replica. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Starts three primaries with a replica each, or one primary with a replica and three sentinels. */
export const startRedisSide = async (variant: RedisVariant): Promise<RedisSide> =>
  variant === 'cluster'
    ? sideOfCluster(await startOwnCluster(3, 3))
    : sideOfSentinels(await startOwnSentinels());

function sideOfCluster({ url, nodes, settled, close }: OwnCluster): RedisSide {
  return {
    url,
    ports: nodes.map(({ port }) => port),
    async primaries() {
      const areThey = await Promise.all(nodes.map(isPrimary));
      return nodes.filter((_, index) => areThey[index]);
    },
    async settled() {
      await until(async () => (await countReplicas(nodes)) === 3);
      await settled();
    },
    close,
  };
}

function sideOfSentinels({ url, nodes, sentinels, close }: OwnSentinels): RedisSide {
  const primaries = async () => {
    const command = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'gatehouse'];
    const address = String(await sentinels[0]?.run(...command));
    return nodes.filter(({ port }) => address.endsWith(`,${port}`));
  };
  return {
    url,
    ports: [...nodes, ...sentinels].map(({ port }) => port),
    primaries,
    // A primary that was killed returns as one, until a sentinel makes it a replica.
    settled: () => until(async () => (await countReplicas(nodes)) === 1),
    close,
  };
}

const replication = (node: RedisNode) => node.run('INFO', 'replication').then(String, () => '');

const isPrimary = async (node: RedisNode) => (await replication(node)).includes('role:master');

async function countReplicas(nodes: readonly RedisNode[]): Promise<number> {
  const texts = await Promise.all(nodes.map(replication));
  return texts.filter(
    (text) => text.includes('role:slave') && text.includes('master_link_status:up'),
  ).length;
}
