import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';
import { missingLibraries, packagesOf, redisLibraryPath } from './shared-libraries.ts';

/** Whose package it is, for a line in the terminal: `Debian's`, `Ubuntu's`. */
export const REDIS_PACKAGE = `${/^NAME="?(\w+)/m.exec(osRelease())?.[1] ?? 'the system'}'s`;

/** The server is a link of redis-server to a program of redis-tools; the rest are its libraries. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

/** Whether this system has Debian's package tools and sources. */
export function isDebian(): boolean {
  const family = [...osRelease().matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)/gm)];
  const isFamily = family.some(([, ids = '']) => /\b(debian|ubuntu)\b/.test(ids));
  return isFamily && ['apt-get', 'dpkg-deb', 'ldd'].every((name) => existsSync(`/usr/bin/${name}`));
}

/**
 * Downloads Redis with apt, which checks the signatures, and unpacks it into `target`, replacing what is
 * there. Needs no root rights: apt's state and cache are private, and nothing is installed.
 * @throws Error with the last line of the command that failed.
 */
export async function fetchRedisWithApt(target: string, signal?: AbortSignal): Promise<void> {
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  // One of its own for every run: tests and `npm start` may fetch into the same place at once.
  const apt = mkdtempSync(join(parent, 'apt-'));
  try {
    const unpacked = join(apt, 'unpacked');
    await add(apt, unpacked, PACKAGES, signal);
    await addMissingLibraries(apt, unpacked, signal);
    chmodSync(unpacked, 0o755);
    replace(target, unpacked, join(apt, 'old'));
  } finally {
    rmSync(apt, { recursive: true, force: true });
  }
}

async function addMissingLibraries(apt: string, unpacked: string, signal?: AbortSignal) {
  const server = join(unpacked, 'usr/bin/redis-server');
  // A library may need another one; a chain longer than this does not exist for Redis.
  for (let round = 0; round < 6; round += 1) {
    const missing = await missingLibraries(server, redisLibraryPath(unpacked));
    if (missing.length === 0) return;
    for (const library of missing) await addOneOf(apt, unpacked, library, signal);
  }
}

async function addOneOf(apt: string, unpacked: string, library: string, signal?: AbortSignal) {
  for (const name of packagesOf(library)) {
    if (await add(apt, unpacked, [name], signal).catch(() => 'no such package')) continue;
    return;
  }
  signal?.throwIfAborted();
  throw new Error(`no package found for ${library}`);
}

async function add(apt: string, unpacked: string, names: string[], signal?: AbortSignal) {
  const script = join(import.meta.dirname, '../apt-unpack.sh');
  const { code, stderr } = await runCommand('sh', [script, apt, unpacked, ...names], { signal });
  if (code !== 0) throw new Error(lastLine(stderr) || `apt-unpack.sh ended with code ${code}`);
}

function replace(target: string, fresh: string, old: string): void {
  try {
    renameSync(fresh, target);
  } catch {
    renameSync(target, old);
    renameSync(fresh, target);
  }
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
