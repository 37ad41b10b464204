import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endRecorded } from '../leftovers.ts';
import { commandLine, identify } from '../process-identity.ts';

/** Whether PostgreSQL serves this data. What pg_ctl looks at, too: line 1 of the pid file is the pid, line 8 the state. */
export function isReady(data: string, pid: number): boolean {
  const lines = postmasterFile(data);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

function postmasterFile(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Ends a PostgreSQL that still serves this data; forgets one that is gone. @throws Error if it stays. */
export async function endStray(data: string): Promise<void> {
  const pid = Number(postmasterFile(data)[0]);
  if (!Number.isInteger(pid) || pid < 2 || pid === process.pid) return;
  const identity = identify(pid);
  // The file outlives a killed PostgreSQL: its pid may by now be anyone's.
  if (!identity) return;
  if (commandLine(pid).includes(`-D ${data} `)) {
    await endRecorded({ name: 'postgres', pid, identity, stopSignal: 'SIGINT' }, 10_000);
  } else {
    // PostgreSQL itself would refuse to start for the sake of any living process of that number.
    rmSync(join(data, 'postmaster.pid'), { force: true });
  }
}
