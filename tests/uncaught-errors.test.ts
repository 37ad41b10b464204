import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { newDatabase } from './support/database.ts';
import { machineVariables } from './support/machine-variables.ts';
import { startManagedProcess } from './support/managed-process.ts';

const database = newDatabase();
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  await database.create();
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

async function startFailing(name: string, command: 'server' | 'worker') {
  const failures = pathToFileURL(join(import.meta.dirname, 'scripts/stray-failures.ts')).href;
  const variables = {
    ...machineVariables(),
    NODE_OPTIONS: `--import ${failures}`,
    NODE_ENV: 'development',
    PORT: '0',
    SECRET_KEY: 'secret of the tests',
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
  };
  const instance = startManagedProcess({ name, command, directory, variables });
  onTestFinished(() => instance.kill('SIGKILL'));
  await instance.ready();
  return { instance, said: () => readFileSync(instance.logFile, 'utf8') };
}

it.each(['server', 'worker'] as const)(
  'logs a rejected promise and continues, but ends with code 1 after an exception: %s',
  async (command) => {
    const { instance, said } = await startFailing(`failing-${command}`, command);
    for (let times = 1; times <= 3; times += 1) {
      instance.kill('SIGUSR2');
      await expect
        .poll(() => said().match(/"msg":"unhandled promise rejection"/g)?.length)
        .toBe(times);
    }
    expect(said()).toContain('stray-failures.ts:');
    instance.kill('SIGWINCH');
    expect(await instance.ended).toEqual([1, null]);
    expect(said()).toMatch(
      /"frames":\[.+stray-failures\.ts:\d+.+"msg":"uncaught exception: exiting"/,
    );
    expect(said()).not.toMatch(/insert into|ada@/);
  },
  40_000,
);
