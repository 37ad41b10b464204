import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { start } from './support/command.ts';
import { newDatabase } from './support/database.ts';
import { machineVariables } from './support/machine-variables.ts';
import { startManagedProcess } from './support/managed-process.ts';

const database = newDatabase();

beforeAll(() => database.create());
afterAll(() => database.drop());

/** Starts a server in a directory with this `.env` file. */
function startServer(
  envFile: string | Buffer,
  given: Record<string, string> = {},
  command: 'server' | 'start' = 'server',
) {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-tests-'));
  writeFileSync(join(directory, '.env'), envFile);
  const variables = {
    ...machineVariables(),
    NODE_ENV: 'development',
    PORT: '0',
    SECRET_KEY: 'secret of the tests',
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    ...given,
  };
  const instance = startManagedProcess({ name: 'server', command, directory, variables });
  onTestFinished(async () => {
    instance.kill('SIGKILL');
    await instance.ended;
    rmSync(directory, { recursive: true, force: true });
  });
  return { instance, output: () => readFileSync(instance.logFile, 'utf8') };
}

const utf16 = Buffer.from('\uFEFFPORT=0\n', 'utf16le');
const cases: [string | Buffer, Record<string, string>, RegExp][] = [
  ['SMTP_URL: smtp://mail', {}, /^\.env, line 1: expected NAME=value or a comment\..+\n$/],
  ['LIMIT_LOGINS=5/60\n', {}, /^LIMIT_LOGINS: unknown setting\. Did you mean LIMIT_LOGIN\?\n$/],
  ['', { SMTP_ULR: 'a' }, /^SMTP_ULR: unknown setting\. Did you mean SMTP_URL\?\n$/],
  ['', { REDIS_URL: 'redis://:p%ss@h' }, /^REDIS_URL: must be .+: percent-encode .+\n$/],
  [utf16, {}, /^\.env: not valid UTF-8\. Save the file as UTF-8\.\n$/],
  ['', { HOST: '203.0.113.1' }, /^HOST: cannot listen on 203\.0\.113\.1 .+\n$/],
];

it.each(cases)('stops a start with %j and %j in one line', async (envFile, given, line) => {
  const { instance, output } = startServer(envFile, given);
  await expect(instance.ready()).rejects.toThrow(/./);
  expect(output()).toMatch(line);
});

it('starts with a byte order mark and among injected variables, and warns of an unknown setting', async () => {
  const { instance, output } = startServer(
    '\uFEFFLOG_LEVEL=warn\nCOMPOSE_PROFILES=a\nCOLOUR=blue\n',
    {
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      SMTP_SERVICE_HOST: '10.0.0.2',
    },
  );
  await instance.ready();
  const lines = output().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    '.env: unknown settings are ignored: COLOUR. Remove or correct them.',
  ]);
});

it('names every setting that production lacks when npm start runs in it', async () => {
  const nothing = { SECRET_KEY: '', DATABASE_URL: '', REDIS_URL: '' };
  const given = { ...nothing, NODE_ENV: 'production' };
  const { instance, output } = startServer('', given, 'start');
  await expect(instance.ready()).rejects.toThrow(/./);
  for (const name of ['SECRET_KEY', 'DATABASE_URL', 'REDIS_URL', 'SMTP_URL']) {
    expect(output()).toContain(`${name}: missing`);
  }
});

it.each(['src/server.ts', 'worker/main.ts', 'src/cli/migrate.ts'])(
  'still runs %s, which was the command of release 0.2',
  async (file) => {
    const env = { ...machineVariables(), NODE_ENV: 'production' };
    const script = resolve(import.meta.dirname, '..', file);
    const { code, output } = await start([process.execPath, script], { cwd: tmpdir(), env }).ended;
    expect([code, output]).toEqual([1, expect.stringMatching(/DATABASE_URL: (missing|not set)/)]);
  },
);
