import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { vi } from 'vitest';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { environmentVariables } from '#src/config/load-config.ts';

export const password = 'of-the-tests';

/** A Redis that serves together with others. */
export interface RedisNode {
  readonly port: number;
  readonly pid: number;
  /** Runs a command over a connection of its own. */
  run(...words: string[]): Promise<unknown>;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
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
  const running = await startRedis({ directory, password, durable: true, binary, settings });
  return nodeOf(running);
}

interface Running {
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<unknown>;
  kill(): void;
}

/** Returns a node for a process that runs. */
export const nodeOf = ({ port, pid, exited, kill }: Running): RedisNode => ({
  port,
  pid,
  run(...[command = '', ...words]) {
    const client = new Redis(port, '127.0.0.1', { password, retryStrategy: null });
    client.on('error', () => undefined);
    return client.call(command, words).finally(() => client.disconnect());
  },
  async kill() {
    kill();
    await exited;
  },
  freeze: () => void process.kill(pid, 'SIGSTOP'),
  thaw: () => void process.kill(pid, 'SIGCONT'),
});

/** @throws Error after half a minute */
export async function until(isDone: () => Promise<boolean>): Promise<void> {
  const check = async () => {
    if (!(await isDone())) throw new Error('the Redis servers do not settle');
  };
  await vi.waitFor(check, { timeout: 30_000, interval: 50 });
}
