import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import type { OwnStore } from './own-stores.ts';

/** A Redis that a test may do anything to. */
export interface OwnRedis extends OwnStore {
  /** Runs a command of Redis over a connection of its own. */
  run(command: string, ...words: string[]): Promise<unknown>;
  close(): Promise<void>;
}

export async function startOwnRedis(): Promise<OwnRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  const binary = await findRedis({
    cacheDirectory: resolve(import.meta.dirname, '../../.data'),
    searchPath: environmentVariables().PATH ?? '',
    say: () => undefined,
  });
  const start = (port?: number) =>
    startRedis({ directory, password: 'of-the-tests', durable: true, binary, port });
  let running = await start();
  const own: OwnRedis = {
    url: running.url,
    run(command, ...words) {
      const client = new Redis(running.url, { retryStrategy: null });
      // The command rejects with the reason.
      client.on('error', () => undefined);
      return client.call(command, words).finally(() => client.disconnect());
    },
    async kill() {
      running.kill();
      await running.exited;
    },
    freeze: () => void process.kill(running.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running.pid, 'SIGCONT'),
    async restart() {
      running = await start(running.port);
    },
    async close() {
      await own.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return own;
}
