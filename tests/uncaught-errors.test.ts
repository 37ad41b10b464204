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
  return { instance, output: () => readFileSync(instance.logFile, 'utf8') };
}

const commands = ['server', 'worker'] as const;

it.each(commands)(
  'logs a rejected promise, continues, and still stops cleanly: %s',
  async (command) => {
    const { instance, output } = await startFailing(`rejected-${command}`, command);
    for (let times = 1; times <= 3; times += 1) {
      instance.kill('SIGUSR2');
      await expect
        .poll(() => output().match(/"msg":"unhandled promise rejection"/g)?.length)
        .toBe(times);
    }
    expect(output()).toContain('stray-failures.ts:');
    expect(output()).not.toMatch(/insert into|ada@/);
    instance.kill('SIGTERM');
    expect(await instance.ended).toEqual([0, null]);
  },
  40_000,
);

it.each(commands)(
  'exits with code 1 after an uncaught exception, and logs where it was thrown: %s',
  async (command) => {
    const { instance, output } = await startFailing(`thrown-${command}`, command);
    instance.kill('SIGWINCH');
    expect(await instance.ended).toEqual([1, null]);
    expect(output()).toMatch(
      /"frames":\[.+stray-failures\.ts:\d+.+"msg":"uncaught exception: exiting"/,
    );
    expect(output()).not.toMatch(/insert into|ada@/);
  },
  40_000,
);
