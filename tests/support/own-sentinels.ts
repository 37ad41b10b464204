import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#dev/free-port.ts';
import { startStore } from '#dev/store.ts';
import {
  type NodeTls,
  nodeOf,
  password,
  type RedisNode,
  redisBinary,
  runAt,
  startRedisNode,
  tlsLines,
  until,
} from './redis-node.ts';

export interface OwnSentinels {
  /** For `REDIS_URL`. */
  readonly url: string;
  /** The primary at the start, and its replica. */
  readonly nodes: readonly [RedisNode, RedisNode];
  readonly sentinels: readonly RedisNode[];
  close(): Promise<void>;
}

/**
 * Starts a primary, its replica, and three sentinels that promote it within seconds.
 *
 * @param tls makes them speak TLS only, under the name `localhost`
 */
export async function startOwnSentinels(tls?: NodeTls): Promise<OwnSentinels> {
  const host = hostOf(tls);
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-sentinels-'));
  const access = [`masterauth "${password}"`, `replica-announce-ip ${host}`];
  const primary = await startRedisNode(join(directory, '0'), access, tls);
  const follow = `replicaof ${host} ${primary.port}`;
  const replica = await startRedisNode(join(directory, '1'), [...access, follow], tls);
  await until(async () =>
    /master_link_status:up/.test(String(await replica.run('INFO', 'replication'))),
  );
  const sentinels: RedisNode[] = [];
  for (const name of ['a', 'b', 'c'])
    sentinels.push(await startSentinel(join(directory, name), primary.port, tls));
  const [first] = sentinels;
  await until(async () => {
    const text = JSON.stringify(await first?.run('SENTINEL', 'MASTER', 'gatehouse'));
    return text.includes('"num-slaves","1","num-other-sentinels","2"');
  });
  const hosts = sentinels.map(({ port }) => `${host}:${port}`).join(',');
  return {
    url: `${tls ? 'rediss' : 'redis'}+sentinel://:${password}@${hosts}/gatehouse`,
    nodes: [primary, replica],
    sentinels,
    async close() {
      const all = [...sentinels, primary, replica];
      await Promise.all(all.map((node) => node.kill()));
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const hostOf = (tls?: NodeTls) => (tls ? 'localhost' : '127.0.0.1');

async function startSentinel(
  directory: string,
  primary: number,
  tls?: NodeTls,
): Promise<RedisNode> {
  await mkdir(directory, { recursive: true });
  const { command, environment } = await redisBinary();
  const file = join(directory, 'sentinel.conf');
  return nodeOf(async (given) => {
    const port = given ?? (await freePort());
    // A sentinel keeps what it has learnt in this file.
    if (!given) writeFileSync(file, configuration(directory, port, primary, tls));
    const running = await startStore(
      { directory, password, durable: false },
      {
        name: 'redis',
        title: 'Sentinel',
        command: [command, file, '--sentinel'],
        options: { env: { ...environment, LC_ALL: 'C' } },
        isReady: () => runAt(port, ['PING'], tls).then(Boolean, () => false),
        complaints: [/(?<= # ).*([Ee]rror|[Ff]ailed|[Cc]an't).*/],
      },
    );
    return { ...running, port };
  }, tls);
}

const namedSentinel = [
  'sentinel resolve-hostnames yes',
  'sentinel announce-hostnames yes',
  'sentinel announce-ip localhost',
];

function configuration(directory: string, port: number, primary: number, tls?: NodeTls): string {
  const lines = [
    ...(tls ? [...tlsLines(port, tls), ...namedSentinel] : [`port ${port}`]),
    'bind 127.0.0.1',
    `requirepass "${password}"`,
    `dir ${directory}`,
    `sentinel sentinel-pass ${password}`,
    `sentinel monitor gatehouse ${hostOf(tls)} ${primary} 2`,
    `sentinel auth-pass gatehouse ${password}`,
    'sentinel down-after-milliseconds gatehouse 2000',
    'sentinel failover-timeout gatehouse 6000',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
