import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

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
