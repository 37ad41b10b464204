import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDirectory } from './run-files.ts';

const FILE = 'variables';

/** Keeps where the stores of a running `npm start` are, for commands that are run beside it. */
export function keepRunningVariables(
  directory: string,
  variables: Readonly<Record<string, string>>,
): void {
  writeFileSync(join(runDirectory(directory), FILE), JSON.stringify(variables), { mode: 0o600 });
}

export function forgetRunningVariables(directory: string): void {
  rmSync(join(directory, 'run', FILE), { force: true });
}

/** What `keepRunningVariables` kept; undefined where nothing runs. */
export function runningVariables(directory: string): Record<string, string> | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'run', FILE), 'utf8'));
  } catch {
    return undefined;
  }
}
