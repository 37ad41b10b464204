import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Returns the command line of a process. Empty if the process does not exist or is a zombie. */
export function commandOf(pid: number): string {
  if (!existsSync('/proc/self/cmdline')) {
    const args = ['-o', 'command=', '-p', String(pid)];
    return spawnSync('ps', args, { encoding: 'utf8' }).stdout.trim();
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
