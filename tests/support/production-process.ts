import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import type { Variables } from '#src/config/load-config.ts';
import { machineVariables } from './machine-variables.ts';
import { startManagedProcess } from './managed-process.ts';
import { production } from './production.ts';

/** Starts a process as in production, until the test ends. It need not be ready. */
export function startInProduction(command: 'server' | 'worker', more: Variables) {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-tests-'));
  const variables = {
    ...machineVariables(),
    ...production,
    ...{ HOST: '127.0.0.1', PORT: '0', SMTP_URL: 'smtp://127.0.0.1:9' },
    ...{ REDIS_URL: inject('redisUrl') },
    ...more,
  };
  const instance = startManagedProcess({ name: command, command, directory, variables });
  onTestFinished(async () => {
    instance.kill('SIGKILL');
    await instance.ended;
    rmSync(directory, { recursive: true, force: true });
  });
  return Object.assign(instance, { output: () => readFileSync(instance.logFile, 'utf8') });
}
