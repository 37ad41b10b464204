import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { newDatabase } from './support/database.ts';
import { machineVariables } from './support/machine-variables.ts';
import { startManagedProcess } from './support/managed-process.ts';
import { production } from './support/production.ts';
import { request } from './support/request.ts';

/** Modules of a process decide how soon it answers, and how much memory it takes. */
const database = newDatabase();

beforeAll(() => database.create());
afterAll(() => database.drop());

/** Starts a process as in production, and waits until it is ready. */
async function run(command: 'server' | 'worker') {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  const hook = pathToFileURL(join(import.meta.dirname, 'scripts/list-modules.ts')).href;
  const url = `http://127.0.0.1:${await freePort()}`;
  const instance = startManagedProcess({
    name: command,
    command,
    directory,
    variables: {
      ...machineVariables(),
      ...production,
      NODE_OPTIONS: `--expose-gc --import ${hook}`,
      SMTP_URL: 'smtp://127.0.0.1:1',
      HOST: '127.0.0.1',
      PORT: new URL(url).port,
      PUBLIC_URL: url,
      DATABASE_URL: database.url,
      REDIS_URL: inject('redisUrl'),
    },
  });
  onTestFinished(async () => {
    instance.kill('SIGKILL');
    await instance.ended;
    await rm(directory, { recursive: true, force: true });
  });
  await instance.ready();
  const modules = () => readFileSync(join(directory, 'modules.txt'), 'utf8');
  const loads = (name: string) =>
    modules().includes(name.endsWith('.ts') ? `/${name}` : `/${name}/`);
  const megabytes = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${instance.pid}/status`, 'utf8'))?.[1]) / 1024;
  return { url, loads, megabytes };
}

const ask = (url: string, query: string) =>
  request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });

const register = `mutation {
  register(input: { email: "ada@example.com", password: "wool-lantern-73" }) { challengeId }
}`;

/** Packages that a server loads on first use, and uses of them. */
const deferred: readonly (readonly [(url: string) => Promise<unknown>, readonly string[]])[] = [
  [
    (url) => ask(url, register),
    ['graphql-rate-limit', '@zxcvbn-ts/dictionary-compression', 'bee-queue'],
  ],
  [(url) => request(`${url}/openapi.yaml`), ['zod-openapi', 'yaml']],
];

/** Packages and folders that a server or a worker never needs. */
const foreign = {
  server: [
    'nodemailer',
    '@mikro-orm/migrations',
    'src/db/migrations',
    'src/mail',
    'swagger-ui-dist',
    ...['@opentelemetry/sdk-trace', 'src/adapters/start-tracing.ts'],
  ],
  worker: [
    ...['graphql', 'graphql-yoga', '@pothos/core', '@hono/node-server', 'zod-openapi'],
    ...['@mikro-orm/migrations', '@zxcvbn-ts/dictionary-compression', 'src/graphql', 'src/http'],
    ...['src/rest', 'src/routes', 'src/pages', 'src/db/migrations'],
    ...['@opentelemetry/sdk-trace', 'src/adapters/start-tracing.ts'],
  ],
} as const;

it('a server answers before it loads what only some requests need', {
  timeout: 60_000,
}, async () => {
  const { url, loads } = await run('server');
  expect((await request(`${url}/healthz`)).status).toBe(200);
  expect((await ask(url, '{ __typename }')).status).toBe(200);
  expect(['graphql-yoga', '@mikro-orm/core', 'src/graphql'].filter(loads)).toHaveLength(3);
  expect(deferred.flatMap(([, names]) => names).filter(loads)).toEqual([]);
  expect(foreign.server.filter(loads)).toEqual([]);

  for (const [use, names] of deferred) {
    await use(url);
    await expect.poll(() => names.filter(loads)).toEqual(names);
  }
  expect(foreign.server.filter(loads)).toEqual([]);
});

it('a worker loads neither GraphQL nor the routes', { timeout: 60_000 }, async () => {
  const { loads } = await run('worker');
  const own = ['nodemailer', 'bee-queue', 'src/mail'];
  await expect.poll(() => own.filter(loads)).toEqual(own);
  expect(foreign.worker.filter(loads)).toEqual([]);
});

it.runIf(process.platform === 'linux').each(['server', 'worker'] as const)(
  'an idle %s returns the memory of its start to the system',
  { timeout: 60_000 },
  async (command) => {
    const { megabytes } = await run(command);
    const atStart = megabytes();
    await expect.poll(megabytes, { timeout: 20_000 }).toBeLessThan(atStart * 0.9);
  },
);
