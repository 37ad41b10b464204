import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '#dev/free-port.ts';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { startStore } from '#dev/store.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import type { Certificates } from './certificates.ts';

export const password = 'of-the-tests';

/** Certificates of servers that speak TLS only, and for the name `localhost` alone. */
export type NodeTls = Pick<Certificates, 'ca' | 'name'>;

/** A Redis that serves together with others. */
export interface RedisNode {
  readonly port: number;
  /** Runs a command over a connection of its own. */
  run(...words: string[]): Promise<unknown>;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Starts it again on its data, at its port. */
  restart(): Promise<void>;
}

/** Finds the program that `npm start` uses. */
export const redisBinary = () =>
  findRedis({
    cacheDirectory: resolve(import.meta.dirname, '../../.data'),
    searchPath: environmentVariables().PATH ?? '',
    say: () => undefined,
  });

/** @param settings lines of its configuration */
export async function startRedisNode(
  directory: string,
  settings: readonly string[],
  tls?: NodeTls,
): Promise<RedisNode> {
  const binary = await redisBinary();
  if (tls) return nodeOf((port) => startTlsNode(directory, settings, tls, port), tls);
  return nodeOf((port) =>
    startRedis({ directory, password, durable: true, binary, settings, port }),
  );
}

/** Returns the lines of a configuration with TLS, and without a port for anything else. */
export const tlsLines = (port: number, { ca, name }: NodeTls): string[] => [
  'port 0',
  `tls-port ${port}`,
  `tls-ca-cert-file ${ca.certFile}`,
  `tls-cert-file ${name.certFile}`,
  `tls-key-file ${name.keyFile}`,
  'tls-auth-clients no',
  'tls-replication yes',
];

async function startTlsNode(
  directory: string,
  settings: readonly string[],
  tls: NodeTls,
  given?: number,
) {
  const port = given ?? (await freePort());
  const { command, environment } = await redisBinary();
  await mkdir(directory, { recursive: true });
  const lines = [
    ...tlsLines(port, tls),
    'bind 127.0.0.1',
    `requirepass "${password}"`,
    `dir ${directory}`,
    'save ""',
    'maxmemory-policy noeviction',
    ...settings,
  ];
  const running = await startStore(
    { directory, password, durable: false },
    {
      name: 'redis',
      title: 'Redis',
      command: [command, '-'],
      options: {
        env: { ...environment, LC_ALL: 'C' },
        stdin: 'pipe',
        input: lines.map((line) => `${line}\n`).join(''),
      },
      isReady: () => runAt(port, ['PING'], tls).then(Boolean, () => false),
      complaints: [/(?<= # ).*([Ee]rror|[Ff]ailed|[Cc]an't).*/, /^'.*/],
    },
  );
  return { ...running, port };
}

interface Running {
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<unknown>;
  kill(): void;
}

/** @param start starts the process, at any port if none is given */
export async function nodeOf(
  start: (port?: number) => Promise<Running>,
  tls?: NodeTls,
): Promise<RedisNode> {
  let running = await start();
  const { port } = running;
  return {
    port,
    run: (...words) => runAt(port, words, tls),
    async kill() {
      running.kill();
      await running.exited;
    },
    freeze: () => void process.kill(running.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running.pid, 'SIGCONT'),
    async restart() {
      running = await start(port);
    },
  };
}

/** Runs a command over a connection of its own. */
export function runAt(
  port: number,
  [command = '', ...words]: readonly string[],
  tls?: NodeTls,
): Promise<unknown> {
  const client = new Redis(port, tls ? 'localhost' : '127.0.0.1', {
    password,
    // A test may give the server a certificate for another host.
    ...(tls && { tls: { ca: tls.ca.cert, checkServerIdentity: () => undefined } }),
    retryStrategy: null,
    commandTimeout: 3000,
  });
  client.on('error', () => undefined);
  return client.call(command, words).finally(() => client.disconnect());
}

/** @throws Error after half a minute */
export async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await isDone()); await pause(50))
    if (Date.now() > end) throw new Error('the Redis servers do not settle');
}
