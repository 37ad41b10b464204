import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from './lock.ts';
import { isAlive, readRecord, runDirectory } from './run-files.ts';

const fileIn = (directory: string) => join(runDirectory(directory), 'variables');

/** Keeps where the stores of this `npm start` are, for commands that are run beside it. */
export function keepRunningVariables(
  directory: string,
  variables: Readonly<Record<string, string>>,
): void {
  const kept = JSON.stringify({ pid: process.pid, variables });
  writeFileSync(fileIn(directory), kept, { mode: 0o600 });
}

/** What the `npm start` that runs in this directory has kept; undefined where none runs. */
export function runningVariables(directory: string): Record<string, string> | undefined {
  const supervisor = readRecord(lockFile(directory));
  if (!supervisor || !isAlive(supervisor)) return undefined;
  try {
    const { pid, variables } = JSON.parse(readFileSync(fileIn(directory), 'utf8'));
    return pid === supervisor.pid ? variables : undefined;
  } catch {
    return undefined;
  }
}
