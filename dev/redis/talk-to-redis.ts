import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends a Redis that still serves this data. Stores the port of the next one, so that a later start
 * can end it.
 */
export async function replaceLeftover(directory: string, password: string, next: number) {
  const file = join(directory, 'run/redis-port');
  const data = realpathSync(join(directory, 'redis'));
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, '', { flag: 'a' });
  const port = Number(readFileSync(file, 'utf8'));
  const isRunning = async () => {
    const answer = await talkToRedis(port, password, ['CONFIG', 'GET', 'dir']);
    return answer === '' || answer?.includes(`\r\n${data}\r\n`);
  };
  for (const deadline = Date.now() + 10_000; port && (await isRunning()); await sleep(20)) {
    await talkToRedis(port, password, ['SHUTDOWN', 'NOSAVE']);
    if (Date.now() < deadline) continue;
    const problem = `A Redis from an earlier start seems to use ${data} on port ${port}`;
    throw new Error(`${problem} and does not stop: stop it, or remove ${file}`);
  }
  writeFileSync(file, `${next}\n`);
}

/**
 * Sends AUTH and commands to the Redis on a port of 127.0.0.1.
 * @returns the raw answers; undefined if there is none, empty if the port is open but silent
 */
export function talkToRedis(
  port: number,
  password: string,
  ...commands: string[][]
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer: string | undefined;
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    socket.on('timeout', () => {
      answer ??= '';
      socket.destroy();
    });
    socket.on('data', (chunk) => {
      answer = (answer ?? '') + chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.write([['AUTH', password], ...commands, ['QUIT']].map(encode).join(''));
  });
}

function encode(words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
