import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessRecord, readRecord, runDirectory } from './run-files.ts';

/** The order in which parts end: who uses a thing ends before the thing. */
export const STOP_ORDER: readonly string[] = ['server', 'worker', 'redis', 'postgres'];

/** Sorts by {@link STOP_ORDER}; names it does not know come first. */
export function inStopOrder<Named extends { name: string }>(parts: Iterable<Named>): Named[] {
  return [...parts].sort((a, b) => STOP_ORDER.indexOf(a.name) - STOP_ORDER.indexOf(b.name));
}

/**
 * Ends the processes that an earlier, killed supervisor of this directory left behind, one after the
 * other, and removes their pid files. Call it only while holding the lock of the directory.
 * @param bound how long each may take to end in order, in milliseconds; then it is killed.
 * @returns the names of those that were still running.
 */
export async function sweepLeftovers(directory: string, bound = 10_000): Promise<string[]> {
  const ended: string[] = [];
  for (const { file, record } of inStopOrder(recordsIn(runDirectory(directory)))) {
    if (record && (await endRecorded(record, bound))) ended.push(record.name);
    rmSync(file, { force: true });
  }
  return ended;
}

/**
 * Ends one recorded process: its own signal first, SIGKILL after `bound` milliseconds.
 * A process that only has the same pid is left alone.
 * @returns whether there was anything to end. @throws Error when it cannot be ended.
 */
export async function endRecorded(record: ProcessRecord, bound: number): Promise<boolean> {
  if (!isAlive(record)) return false;
  for (const signal of [record.stopSignal, 'SIGKILL'] as const) {
    send(record, signal);
    if (await gone(record, signal === 'SIGKILL' ? 5_000 : bound)) return true;
  }
  throw new Error(`process ${record.pid} (${record.name}) of an earlier start does not end`);
}

function recordsIn(run: string) {
  return readdirSync(run)
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => {
      const file = join(run, entry);
      return { file, name: entry.slice(0, -'.json'.length), record: readRecord(file) };
    });
}

function send({ name, pid }: ProcessRecord, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return;
    const reason = `process ${pid} (${name}) of an earlier start belongs to another user`;
    throw new Error(`${reason}: end it, or start as that user`, { cause });
  }
}

async function gone(record: ProcessRecord, bound: number): Promise<boolean> {
  const deadline = Date.now() + bound;
  while (isAlive(record)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
