import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { familyIds } from './cpu-time.ts';

/** Whether processes can be bound to cores. Only Linux has `taskset`. */
export const canPin =
  availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** The server under test gets core 0. Stores, worker and client share the others. */
export const serverCore = '0';
export const otherCores = `1-${availableParallelism() - 1}`;
export const allCores = `0-${availableParallelism() - 1}`;

/** Returns a command that runs `command` on `cores`. */
export const onCores = (cores: string, command: readonly string[]): readonly string[] =>
  canPin ? ['taskset', '-c', cores, ...command] : command;

/** Moves a process with all its threads. Its future children inherit the cores. */
export function moveTo(cores: string, pid: number): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', cores, String(pid)]);
}

/** Runs `work` while this process and all its descendants, stores and client too, share `cores`. */
export async function sharing<T>(cores: string, work: () => Promise<T>): Promise<T> {
  const before = familyIds(process.pid).map((pid) => ({ pid, cores: coresOf(pid) }));
  for (const { pid } of before) moveTo(cores, pid);
  try {
    return await work();
  } finally {
    for (const each of before) moveTo(each.cores, each.pid);
  }
}

/** Empty for a process that has ended. */
function coresOf(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^Cpus_allowed_list:\s+(\S+)/m.exec(status)?.[1] ?? '';
  } catch {
    return '';
  }
}
