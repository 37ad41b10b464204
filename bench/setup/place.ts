import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variables } from '#src/config/load-config.ts';
import { machineVariables } from '#tests/support/machine-variables.ts';

/** Directory of all files of a run, and what every process needs from this machine. */
export interface Place {
  readonly directory: string;
  readonly variables: Variables;
}

/** Makes a directory that is removed at the end of this process. */
export function makePlace(): Place {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return { directory, variables: { ...machineVariables(), NODE_ENV: 'production' } };
}
