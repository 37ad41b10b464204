import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { fetchRedisWithApt, isDebian, REDIS_PACKAGE } from './fetch-redis.ts';
import { redisLibraryPath } from './shared-libraries.ts';

/** A Redis server that runs on this machine. */
export interface RedisBinary {
  /** Absolute path of `redis-server` or `valkey-server`. */
  command: string;
  /** What it must be started with: where its libraries are, when they are ours. */
  environment: Record<string, string>;
}

export interface FindRedisOptions {
  /** Where Debian's package is unpacked, and found again at the next start. Absolute. */
  cacheDirectory: string;
  /** The PATH to look in, as the environment has it. */
  searchPath: string;
  /** Told what takes a while. */
  say: (line: string) => void;
  /** Gives up a download. */
  signal?: AbortSignal | undefined;
}

/**
 * Finds Redis: `redis-server` or `valkey-server` on the PATH, else what an earlier start fetched, else
 * Debian's (or Ubuntu's) package, which it downloads and unpacks without root rights and without
 * installing anything.
 * @throws Error, one line with the command that helps.
 */
export async function findRedis(options: FindRedisOptions): Promise<RedisBinary> {
  const { cacheDirectory, searchPath, say } = options;
  for (const command of onPath(searchPath)) {
    const binary = { command, environment: {} };
    if (await runs(binary)) return binary;
  }
  const directory = join(cacheDirectory, 'redis-dist');
  const unpacked = () => ({
    command: join(directory, 'usr/bin/redis-server'),
    environment: { LD_LIBRARY_PATH: redisLibraryPath(directory) },
  });
  // Also one that no longer runs, after an upgrade of the system, is fetched again.
  if (existsSync(directory) && (await runs(unpacked()))) return unpacked();

  if (!isDebian()) throw new Error(`Redis is not installed: ${cure()}`);
  say(`Redis is not installed: fetching ${REDIS_PACKAGE} package into ${cacheDirectory} …`);
  try {
    await fetchRedisWithApt(directory, options.signal);
  } catch (cause) {
    options.signal?.throwIfAborted();
    const why = (cause as Error).message;
    throw new Error(`Redis is not installed and cannot be fetched (${why}): ${cure()}`, { cause });
  }
  if (await runs(unpacked())) return unpacked();
  throw new Error(`the Redis that was fetched does not run here: ${cure()}`);
}

function onPath(searchPath: string): string[] {
  const folders = searchPath.split(delimiter).filter((folder) => folder.startsWith('/'));
  return ['redis-server', 'valkey-server']
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function runs({ command, environment }: RedisBinary): Promise<boolean> {
  return (await runCommand(command, ['--version'], { env: environment })).code === 0;
}

function cure(): string {
  if (process.platform === 'darwin') return 'brew install redis (or set REDIS_URL)';
  if (isDebian()) return 'apt-get install redis-server (or set REDIS_URL)';
  return 'install redis-server or valkey-server (or set REDIS_URL)';
}
