import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf } from '../command-of.ts';

/** Tells whether PostgreSQL serves this data, from the lines that pg_ctl reads too: pid and state. */
export function isReady(data: string, pid: number): boolean {
  const lines = readPidFile(data);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** Ends a PostgreSQL that still serves this data after its supervisor was killed. */
export async function endLeftover(data: string): Promise<void> {
  const pid = Number(readPidFile(data)[0]);
  if (!(pid > 1) || pid === process.pid || commandOf(pid) === '') return;
  const isRunning = () => commandOf(pid).includes(`-D ${data} `);
  // Another process has the pid of a PostgreSQL that was killed. PostgreSQL would not start.
  if (!isRunning()) rmSync(join(data, 'postmaster.pid'), { force: true });
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const deadline = Date.now() + 10_000;
    if (isRunning()) kill(pid, signal, data);
    while (isRunning() && Date.now() < deadline) await sleep(20);
  }
  if (isRunning()) throw new Error(`PostgreSQL (process ${pid}) still serves ${data}: end it`);
}

function kill(pid: number, signal: NodeJS.Signals, data: string): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return;
    const problem = `PostgreSQL (process ${pid}) of another user serves ${data}`;
    throw new Error(`${problem}: end it, or start as that user`, { cause });
  }
}

function readPidFile(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}
