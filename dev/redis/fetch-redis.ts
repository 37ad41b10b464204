import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';

/** Owner of the package, for a line in the terminal: `Debian's`, `Ubuntu's`. */
export const PACKAGE_OWNER = `${/^NAME="?(\w+)/m.exec(osRelease())?.[1] ?? 'the system'}'s`;

/** Tells whether this system has Debian's package tools. */
export function isDebian(): boolean {
  const ids = /^(ID|ID_LIKE)="?.*\b(debian|ubuntu)\b/m.test(osRelease());
  return ids && ['apt-get', 'dpkg-deb'].every((name) => existsSync(`/usr/bin/${name}`));
}

/**
 * Downloads Redis with apt, which checks the signatures, and unpacks it into `target`. Needs no root
 * rights and installs nothing.
 */
export async function fetchRedis(target: string, signal?: AbortSignal): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  // A directory for each run, because several may fetch into the same target at once.
  const apt = mkdtempSync(join(dirname(target), 'apt-'));
  const unpacked = join(apt, 'unpacked');
  try {
    const script = join(import.meta.dirname, '../apt-unpack.sh');
    const args = [script, apt, unpacked, 'redis-server', 'redis-tools'];
    const { succeeded, stderr } = await runCommand('sh', args, { signal });
    if (!succeeded) throw new Error(lastLine(stderr));
    chmodSync(unpacked, 0o755);
    if (existsSync(target)) renameSync(target, join(apt, 'old'));
    renameSync(unpacked, target);
  } finally {
    rmSync(apt, { recursive: true, force: true });
  }
}

/** Returns the LD_LIBRARY_PATH of a Redis that was fetched. */
export function libraryPathOf(target: string): string {
  return globSync(['usr/lib', 'usr/lib/*-linux-gnu*', 'lib', 'lib/*-linux-gnu*'], { cwd: target })
    .map((folder) => join(target, folder))
    .join(':');
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
