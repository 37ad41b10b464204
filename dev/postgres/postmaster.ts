import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Tells whether PostgreSQL serves this data. Reads the same lines as pg_ctl: pid and state. */
export function isReady(data: string, pid: number): boolean {
  const lines = readPidFile(data);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** Ends a PostgreSQL that still serves this data after its supervisor was killed. */
export async function endLeftover(data: string): Promise<void> {
  const pid = Number(readPidFile(data)[0]);
  if (!(pid > 1) || pid === process.pid || commandOf(pid) === '') return;
  const isRunning = () => commandOf(pid).includes(`-D ${data} `);
  // PostgreSQL would not start while another process has the pid of one that was killed.
  if (!isRunning()) rmSync(join(data, 'postmaster.pid'), { force: true });
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    try {
      if (isRunning()) process.kill(pid, signal);
    } catch (cause) {
      if (!isRunning()) return;
      const problem = `PostgreSQL (process ${pid}) of another user already uses ${data}`;
      throw new Error(`${problem}: stop it, or start as that user`, { cause });
    }
    for (const deadline = Date.now() + 10_000; isRunning() && Date.now() < deadline; ) {
      await sleep(20);
    }
  }
  if (isRunning()) throw new Error(`PostgreSQL (process ${pid}) still uses ${data}: stop it`);
}

/** Returns the command line of a process. Empty if there is none, or only a zombie. */
export function commandOf(pid: number): string {
  if (existsSync('/proc/self/cmdline')) {
    return readIfThere(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  }
  const args = ['-o', 'command=', '-p', String(pid)];
  return spawnSync('ps', args, { encoding: 'utf8' }).stdout.trim();
}

const readPidFile = (data: string) => readIfThere(join(data, 'postmaster.pid')).split('\n');

/** Reads a file. Empty if there is none. */
export function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
