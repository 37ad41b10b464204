import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { fetchRedis, isDebian, libraryPathOf, PACKAGE_OWNER } from './fetch-redis.ts';

/** A Redis server that runs on this machine. */
export interface RedisBinary {
  /** Absolute path of `redis-server` or `valkey-server`. */
  readonly command: string;
  /** Variables that it needs: the path to its libraries if it was fetched. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface FindRedisOptions {
  /** Absolute path: where a fetched Redis is kept. */
  readonly cacheDirectory: string;
  /** The PATH to search. */
  readonly searchPath: string;
  /** Prints a line in the terminal. */
  readonly say: (line: string) => void;
  /** Gives up a download. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds `redis-server` or `valkey-server` on the PATH, else the one that an earlier start fetched, else
 * fetches the Debian or Ubuntu package without root rights and without installing anything.
 * @throws Error with the command that helps.
 */
export async function findRedis(options: FindRedisOptions): Promise<RedisBinary> {
  const { cacheDirectory, searchPath, say, signal } = options;
  for (const command of programsOn(searchPath)) {
    const binary = { command, environment: {} };
    if (await runs(binary)) return binary;
  }
  const directory = join(cacheDirectory, 'redis-dist');
  const fetched = () => ({
    command: join(directory, 'usr/bin/redis-server'),
    environment: { LD_LIBRARY_PATH: libraryPathOf(directory) },
  });
  // After an upgrade of the system it may no longer run, and is fetched again.
  if (existsSync(directory) && (await runs(fetched()))) return fetched();

  if (!isDebian()) throw new Error(`Redis is not installed: ${cure()}`);
  say(`Redis is not installed: fetching ${PACKAGE_OWNER} package into ${cacheDirectory} …`);
  try {
    await fetchRedis(directory, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = (cause as Error).message;
    throw new Error(`Redis is not installed and cannot be fetched (${reason}): ${cure()}`, {
      cause,
    });
  }
  if (await runs(fetched())) return fetched();
  throw new Error(`the Redis that was fetched does not run here: ${cure()}`);
}

function programsOn(searchPath: string): string[] {
  const folders = searchPath.split(delimiter).filter((folder) => folder.startsWith('/'));
  return ['redis-server', 'valkey-server']
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

async function runs({ command, environment }: RedisBinary): Promise<boolean> {
  return (await runCommand(command, ['--version'], { env: environment })).succeeded;
}

function cure(): string {
  if (process.platform === 'darwin') return 'brew install redis (or set REDIS_URL)';
  if (isDebian()) return 'apt-get install redis-server (or set REDIS_URL)';
  return 'install redis-server or valkey-server (or set REDIS_URL)';
}
