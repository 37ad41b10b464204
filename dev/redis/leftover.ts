import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { talkToRedis } from './talk-to-redis.ts';

const fileIn = (directory: string): string => join(directory, 'run/redis-port');

/** Keeps the port of a Redis, so that the next start can end it. */
export function rememberPort(directory: string, port: number): void {
  mkdirSync(dirname(fileIn(directory)), { recursive: true, mode: 0o700 });
  writeFileSync(fileIn(directory), `${port}\n`, { mode: 0o600 });
}

/** Ends a Redis that still serves this data after its supervisor was killed. */
export async function endLeftover(directory: string, data: string, password: string) {
  const port = readPort(directory);
  const isRunning = async () => {
    const answer = await talkToRedis(port, password, ['CONFIG', 'GET', 'dir']);
    return answer === '' || answer?.includes(`\r\n${realpathSync(data)}\r\n`);
  };
  for (const deadline = Date.now() + 10_000; port && (await isRunning()); await sleep(20)) {
    await talkToRedis(port, password, ['SHUTDOWN', 'NOSAVE']);
    if (Date.now() > deadline) {
      const problem = `The process on port ${port} may be a Redis that serves ${data}`;
      throw new Error(`${problem}, and it does not end: end it, or remove ${fileIn(directory)}`);
    }
  }
}

function readPort(directory: string): number {
  try {
    return Number(readFileSync(fileIn(directory), 'utf8'));
  } catch {
    return 0;
  }
}
