import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from './process-identity.ts';

/** One process as a file under `<directory>/run` remembers it. */
export interface ProcessRecord {
  /** `server`, `worker`, `redis`, `postgres`, `supervisor` … */
  name: string;
  pid: number;
  /** What {@link identify} said when it was written: tells it from a later process of the same pid. */
  identity: string;
  /** The signal that ends it in order. */
  stopSignal: NodeJS.Signals;
}

/** The directory of pid files and of the lock; made when missing, readable by its owner only. */
export function runDirectory(directory: string): string {
  const path = join(directory, 'run');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

export function recordFile(directory: string, name: string): string {
  return join(runDirectory(directory), `${name}.json`);
}

/** Writes a pid file. @throws an error with code `EEXIST` when `flag` is `wx` and the file is there. */
export function writeRecord(path: string, record: ProcessRecord, flag: 'w' | 'wx' = 'w'): void {
  writeFileSync(path, `${JSON.stringify(record)}\n`, { flag, mode: 0o600 });
}

/** Reads a pid file. @returns undefined when it is missing, half written or not one of ours. */
export function readRecord(path: string): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessRecord>;
    const { name, pid, identity, stopSignal } = record;
    if (!name || !identity || !stopSignal || !Number.isInteger(pid) || !pid || pid < 2) return;
    return { name, pid, identity, stopSignal };
  } catch {
    return undefined;
  }
}

/** Removes a pid file, unless another process has meanwhile written its own in its place. */
export function removeRecord(path: string, pid: number): void {
  if (readRecord(path)?.pid === pid) rmSync(path, { force: true });
}

/** Whether the very process that was recorded still lives (not one that only has its pid). */
export function isAlive(record: Pick<ProcessRecord, 'pid' | 'identity'>): boolean {
  return identify(record.pid) === record.identity;
}
