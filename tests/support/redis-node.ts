import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { environmentVariables } from '#src/config/load-config.ts';

export const password = 'of-the-tests';

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
): Promise<RedisNode> {
  const binary = await redisBinary();
  return nodeOf((port) =>
    startRedis({ directory, password, durable: true, binary, settings, port }),
  );
}

interface Running {
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<unknown>;
  kill(): void;
}

/** @param start starts the process, at any port if none is given */
export async function nodeOf(start: (port?: number) => Promise<Running>): Promise<RedisNode> {
  let running = await start();
  const { port } = running;
  return {
    port,
    run: (...words) => runAt(port, words),
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
export function runAt(port: number, [command = '', ...words]: readonly string[]): Promise<unknown> {
  const client = new Redis(port, '127.0.0.1', {
    password,
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
