import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { type LogFile, openLog } from '../log-file.ts';
import { launch, type Running } from '../processes.ts';
import { askRedis } from './ask-redis.ts';
import type { RedisBinary } from './find-redis.ts';

export interface RedisOptions {
  /** Where everything is kept: data in `redis/`, log in `log/redis.log`. */
  directory: string;
  /** What clients must know; visible ASCII, no space, no quote, no backslash. */
  password: string;
  /** false: nothing is kept on disk, for tests. true: append-only file, flushed every second. */
  durable: boolean;
  /** From {@link findRedis}. */
  binary: RedisBinary;
  /** TCP port on 127.0.0.1; without it a free one. */
  port?: number | undefined;
  /** Gives up the start, and leaves no process behind. */
  signal?: AbortSignal | undefined;
}

/** A Redis that answers commands. */
export interface RunningRedis extends Running {
  /** `redis://:…@127.0.0.1:<port>/0`. */
  url: string;
  port: number;
}

/** How long a start may take, in milliseconds: Redis first reads its data. */
const START_WITHIN = 60_000;

/**
 * Starts a private Redis on the data of this directory. A file cut short by a crash is repaired by
 * Redis itself (at most the last second is lost).
 * @throws Error, one line with the reason and the log file.
 */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  const { password, binary, signal } = options;
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(password))
    throw new Error('Redis password: bad character');
  const directory = resolve(options.directory);
  const data = join(directory, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await freePort());

  const log = openLog(directory, 'redis');
  try {
    const { child, ...running } = launch({
      name: 'redis',
      directory,
      command: binary.command,
      args: ['-'],
      stopSignal: 'SIGTERM',
      stopWithin: 10_000,
      spawn: {
        cwd: data,
        env: { ...binary.environment, LC_ALL: 'C' },
        stdio: ['pipe', log.descriptor, log.descriptor],
      },
    });
    // Through its standard input, so that the password stands neither in the process list nor in a file.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(configuration({ ...options, port }, data));
    await untilReady(running, port, password, log, signal);
    const url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/0`;
    return { ...running, url, port };
  } finally {
    log.close();
  }
}

function configuration({ port, password, durable }: RedisOptions, data: string): string {
  const settings = {
    bind: '127.0.0.1',
    port,
    requirepass: `"${password}"`,
    dir: JSON.stringify(data),
    databases: 64,
    daemonize: 'no',
    logfile: '""',
    // The queue must fail loudly rather than lose jobs when memory runs out.
    'maxmemory-policy': 'noeviction',
    save: '""',
    appendonly: durable ? 'yes' : 'no',
    appendfsync: 'everysec',
    'aof-load-truncated': 'yes',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  return `${lines.join('\n')}\n`;
}

async function untilReady(
  running: Running,
  port: number,
  password: string,
  log: LogFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  let ended = false;
  void running.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + START_WITHIN;
  while ((await askRedis(port, running.pid, password)) !== 'ready' || ended) {
    const late = Date.now() > deadline;
    if (!ended && !late && !signal?.aborted) {
      await sleep(15);
      continue;
    }
    await running.stop();
    signal?.throwIfAborted();
    const why = complaint(log) ?? (late ? 'it did not get ready' : 'it ended');
    throw new Error(`Redis does not start: ${why} (see ${log.path})`);
  }
}

function complaint(log: LogFile): string | undefined {
  const patterns = [/Address already in use/, /(?<= # ).*([Ee]rror|[Ff]ailed|[Cc]an't).*/, /^'.*/];
  return patterns.map((pattern) => log.lastMatch(pattern)).find((line) => line !== undefined);
}
