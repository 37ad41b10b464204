import * as fs from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';

/** A Redis server that runs on this machine. */
export interface RedisBinary {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface FindRedisOptions {
  readonly cacheDirectory: string;
  readonly searchPath: string;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds `redis-server` or `valkey-server` on the PATH, or the one that an earlier start downloaded,
 * or downloads the Debian or Ubuntu package.
 * @throws Error with the command that helps.
 */
export async function findRedis(options: FindRedisOptions): Promise<RedisBinary> {
  const { cacheDirectory, searchPath, say, signal } = options;
  for (const binary of programsOn(searchPath)) if (await runs(binary)) return binary;
  const directory = join(cacheDirectory, 'redis-dist');
  // After an upgrade of the system it may no longer run, and is fetched again.
  if (await runs(binaryIn(directory))) return binaryIn(directory);

  if (!hasApt()) throw new Error(`Redis is not installed: ${cure()}`);
  say(`Redis is not installed: downloading the system's package into ${cacheDirectory} …`);
  try {
    await fetchRedis(directory, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const problem = `Redis is not installed and cannot be downloaded (${(cause as Error).message})`;
    throw new Error(`${problem}: ${cure()}`, { cause });
  }
  if (await runs(binaryIn(directory))) return binaryIn(directory);
  throw new Error(`The downloaded Redis does not run on this system: ${cure()}`);
}

/**
 * Downloads Redis with apt, which checks the signatures, and unpacks it into `target`. Needs no
 * root rights and installs nothing.
 */
async function fetchRedis(target: string, signal?: AbortSignal): Promise<void> {
  fs.mkdirSync(dirname(target), { recursive: true });
  // A directory for each run, because several may fetch into the same target at once.
  const apt = fs.mkdtempSync(join(dirname(target), 'apt-'));
  const unpacked = join(apt, 'unpacked');
  try {
    const script = join(import.meta.dirname, '../apt-unpack.sh');
    const args = [script, apt, unpacked, 'redis-server', 'redis-tools'];
    const { succeeded, stderr } = await runCommand('sh', args, { signal });
    if (!succeeded) throw new Error(lastLine(stderr));
    if (fs.existsSync(target)) fs.renameSync(target, join(apt, 'old'));
    fs.renameSync(unpacked, target);
  } finally {
    fs.rmSync(apt, { recursive: true, force: true });
  }
}

function programsOn(searchPath: string): RedisBinary[] {
  const folders = searchPath.split(delimiter).filter((folder) => folder.startsWith('/'));
  return ['redis-server', 'valkey-server']
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .map((command) => ({ command, environment: {} }));
}

/** Returns the program in unpacked packages, with the path to its libraries. */
function binaryIn(cwd: string): RedisBinary {
  const folders = fs.globSync(['{usr/,}lib', '{usr/,}lib/*-linux-gnu*'], { cwd });
  const path = folders.map((folder) => join(cwd, folder)).join(':');
  return { command: join(cwd, 'usr/bin/redis-server'), environment: { LD_LIBRARY_PATH: path } };
}

async function runs({ command, environment }: RedisBinary): Promise<boolean> {
  if (!fs.existsSync(command)) return false;
  return (await runCommand(command, ['--version'], { env: environment })).succeeded;
}

/** Tells whether this system has Debian's package tools. */
const hasApt = (): boolean =>
  ['apt-get', 'dpkg-deb'].every((name) => fs.existsSync(`/usr/bin/${name}`));

function cure(): string {
  if (process.platform === 'darwin') return 'run `brew install redis`, or set REDIS_URL';
  if (hasApt()) return 'run `apt-get install redis-server`, or set REDIS_URL';
  return 'install redis-server or valkey-server, or set REDIS_URL';
}
