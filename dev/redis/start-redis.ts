import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../free-port.ts';
import { type RunningStore, type StoreOptions, startStore } from '../store.ts';
import type { RedisBinary } from './find-redis.ts';
import { replaceLeftover, talkToRedis } from './talk-to-redis.ts';

interface RedisOptions extends StoreOptions {
  readonly binary: RedisBinary;
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
}

/**
 * Starts Redis on the data of a directory. Ends a Redis that still serves this data. Redis itself
 * repairs a file that a crash cut short, and loses the last second at most.
 */
export async function startRedis(options: RedisOptions): Promise<RunningStore> {
  const { password, binary } = options;
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(password)) {
    throw new Error('The password of Redis must be printable ASCII without quotes and backslashes');
  }
  const directory = resolve(options.directory);
  const data = join(directory, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await freePort());
  await replaceLeftover(directory, password, port);
  // On standard input, so that the password is neither in the process list nor in a file.
  const input = configuration({ ...options, port }, data);
  const env = { ...binary.environment, LC_ALL: 'C' };
  const running = await startStore(
    { ...options, directory },
    {
      name: 'redis',
      title: 'Redis',
      command: [binary.command, '-'],
      options: { cwd: data, env, stdin: 'pipe', input },
      isReady: async (pid) => {
        const answer = await talkToRedis(port, password, ['INFO', 'server'], ['PING']);
        return !!answer?.includes(`\nprocess_id:${pid}\r`) && answer.includes('+PONG');
      },
      complaints: [/Address already in use/, /(?<= # ).*([Ee]rror|[Ff]ailed|[Cc]an't).*/, /^'.*/],
    },
  );
  return { ...running, port, url: `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/0` };
}

function configuration(options: RedisOptions, data: string): string {
  const { port, password, durable, settings = [] } = options;
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass "${password}"`,
    `dir ${JSON.stringify(data)}`,
    'databases 64',
    'daemonize no',
    'logfile ""',
    // When memory runs out, the queue has to fail rather than lose jobs.
    'maxmemory-policy noeviction',
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'aof-load-truncated yes',
    ...settings,
  ];
  return lines.map((line) => `${line}\n`).join('');
}
