import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from './process-identity.ts';
import {
  isAlive,
  type ProcessRecord,
  readRecord,
  removeRecord,
  runDirectory,
  writeRecord,
} from './run-files.ts';

/** The record of the supervisor that runs in a data directory, or has died there. */
export const lockFile = (directory: string): string =>
  join(runDirectory(directory), 'supervisor.lock');

/**
 * Makes this process the only supervisor of a data directory. The lock of a dead process is taken over.
 * @returns a function that gives the lock back.
 * @throws Error, one line with the pid, when another supervisor runs in this directory.
 */
export async function takeLock(directory: string): Promise<() => void> {
  const path = lockFile(directory);
  const { pid } = process;
  const identity = identify(pid) ?? 'unknown';
  const own: ProcessRecord = { name: 'supervisor', pid, identity, stopSignal: 'SIGTERM' };
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      writeRecord(path, own, 'wx');
      return () => removeRecord(path, pid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await makeWay(path, directory);
  }
  throw new Error(`${path} cannot be taken: remove it if nothing runs in ${directory}`);
}

async function makeWay(path: string, directory: string): Promise<void> {
  // Between its creation and its first byte a lock is empty: look again before calling it dead.
  if (!readRecord(path)) await sleep(50);
  const holder = readRecord(path);
  if (holder && isAlive(holder)) {
    throw new Error(
      `Gatehouse already runs in ${directory} (process ${holder.pid}): stop it first`,
    );
  }
  const aside = `${path}.${process.pid}`;
  try {
    // Moved aside, not deleted: of two that find the same dead lock, only one moves that file.
    renameSync(path, aside);
    const moved = readRecord(aside);
    if (moved && moved.pid !== holder?.pid && isAlive(moved)) writeRecord(path, moved, 'wx');
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(codeOf(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
