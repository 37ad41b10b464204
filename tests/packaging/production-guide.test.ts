import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { TestApp } from '../support/app.ts';
import { start } from '../support/command.ts';
import { newDatabase } from '../support/database.ts';
import { PASSWORD, Person } from '../support/flow.ts';
import { startMailServer } from '../support/mail-server.ts';
import { request } from '../support/request.ts';

/** The commands of the guide to deployment, on a copy of the project. */
const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/operate/deploy.md'), 'utf8');
/** Returns the lines of the block that starts with this text. */
function blockOf(beginning: string): string[] {
  const block = guide.split('```sh\n').find((part) => part.startsWith(beginning)) ?? '';
  return block.split('\n```')[0]?.split('\n') ?? [];
}

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-guide-'));
const project = join(directory, 'project');
const { PATH = '', HOME, LD_LIBRARY_PATH } = environmentVariables();
const machinePath = PATH.split(delimiter).filter((part) => !part.includes('/node_modules/'));
const database = newDatabase();
/** A client of the installed copy. It is never started itself. */
const app = new TestApp({});

beforeAll(async () => {
  app.mails = await startMailServer();
  const left = /^(\.git|\.data|\.env|tests|docs)$|(^|\/)node_modules$/;
  cpSync(root, project, {
    recursive: true,
    filter: (path) => !left.test(relative(root, path)),
  });
  mkdirSync(join(directory, 'node26'));
  symlinkSync(process.execPath, join(directory, 'node26/node'));
  mkdirSync(join(directory, 'node20'));
  writeFileSync(join(directory, 'node20/node'), '#!/bin/sh\necho v20.19.2\n', { mode: 0o755 });
  await database.create({ empty: true });
});
afterAll(async () => {
  await app.mails.close();
  await database.drop();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** Runs a line of the guide in the project's directory, on a machine with this Node. */
function type(line: string, node: 'node20' | 'node26', variables: Record<string, string> = {}) {
  const path = [join(directory, node), ...machinePath].join(delimiter);
  const env = {
    PATH: path,
    HOME,
    LD_LIBRARY_PATH,
    npm_config_prefer_offline: 'true',
    ...variables,
  };
  return start(['sh', '-c', `exec ${line}`], { cwd: project, env });
}

it('tells where to get Node 26 on a machine with an older version', async () => {
  const { code, output } = await type('sh bin/gatehouse migrate', 'node20').ended;
  expect(code).toBe(1);
  expect(output).toMatch(
    /^Gatehouse needs Node 26, but found v20\.19\.2\. Install .*https:\/\/nodejs\.org\/\S+.*\n$/,
  );
});

it('installs and runs the service without development packages', { timeout: 90_000 }, async () => {
  const [install = '', migrate = '', ...services] = blockOf('npm ci --omit=dev');
  expect([install, migrate, services]).toEqual([
    'npm ci --omit=dev',
    'bin/gatehouse migrate',
    ['bin/gatehouse server', 'bin/gatehouse worker'],
  ]);
  const installed = await type(install, 'node26').ended;
  expect([installed.code, installed.output]).toEqual([0, expect.any(String)]);
  const read = (file: string) => JSON.parse(readFileSync(join(project, file), 'utf8'));
  const { dependencies, devDependencies } = read('package.json');
  const { optionalDependencies } = read('vendor/node/package.json');
  const has = (name: string) => existsSync(join(project, 'node_modules', name));
  expect(Object.keys(dependencies).filter((name) => !has(name))).toEqual([]);
  expect(Object.keys({ ...devDependencies, ...optionalDependencies }).filter(has)).toEqual([]);

  const redisUrl = new URL(
    `/${1 + Number(environmentVariables().VITEST_POOL_ID ?? 0)}`,
    inject('redisUrl'),
  );
  const port = String(await freePort());
  const variables = {
    PORT: port,
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl.href,
    SECRET_KEY: 'correct horse battery staple, 26 of them',
    SMTP_URL: app.mails.url,
    MAIL_FROM: 'Gatehouse <no-reply@example.com>',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  expect((await type(migrate, 'node26', variables).ended).code).toBe(0);
  const running = services.map((line) => type(line, 'node26', variables));
  const ready = async () =>
    expect((await request(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  await vi.waitFor(ready, { timeout: 30_000 });
  app.url = `http://127.0.0.1:${port}`;
  const ada = new Person(app);
  const { challengeId } = (await ada.register()).data?.register ?? {};
  await ada.verifyOtp(await ada.code(), challengeId);
  const login = await ada.login(PASSWORD);
  const signIn = await ada.verifyOtp(await ada.code(2), login.data?.login.challengeId);
  const me = await ada.me(signIn.data?.verifyOtp.accessToken ?? '');
  expect(me.data?.me).toMatchObject({ email: ada.email, emailVerified: true });

  const began = Date.now();
  for (const service of running) service.signal('SIGTERM');
  const ends = await Promise.all(running.map(({ ended }) => ended));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(Date.now() - began).toBeLessThan(10_000);
});

it('creates the secrets for Docker once, and keeps an existing .env', async () => {
  const [secrets = ''] = blockOf('test -e .env ||');
  const make = () => start(['sh', '-c', secrets], { cwd: project, env: { PATH } }).ended;
  expect((await make()).code).toBe(0);
  const made = readFileSync(join(project, '.env'), 'utf8');
  expect(made).toMatch(/^SECRET_KEY=\S{64}\nPOSTGRES_PASSWORD=[0-9a-f]{48}\n$/);
  await make();
  expect(readFileSync(join(project, '.env'), 'utf8')).toBe(made);
});
