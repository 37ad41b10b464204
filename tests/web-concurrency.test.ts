import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import type { Variables } from '#src/config/load-config.ts';
import { newDatabase } from './support/database.ts';
import { machineVariables } from './support/machine-variables.ts';
import { startManagedProcess } from './support/managed-process.ts';
import { request } from './support/request.ts';

const LONG = 60_000;
const database = newDatabase();
let directory: string;
let servers = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  await database.create();
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

/** Starts a server of two processes, unless the variables say otherwise. It need not be ready. */
async function startGroup(more: Variables = {}) {
  servers += 1;
  const port = await freePort();
  const variables = {
    ...machineVariables(),
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    WEB_CONCURRENCY: '2',
    PORT: String(port),
    SECRET_KEY: 'secret of the tests',
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    LIMIT_REQUESTS: '1000000/60',
    ...more,
  };
  const instance = startManagedProcess({
    name: `group-${servers}`,
    command: 'server',
    directory,
    variables,
  });
  onTestFinished(() => instance.kill('SIGKILL'));
  const lines = (): Record<string, unknown>[] =>
    readFileSync(instance.logFile, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  return Object.assign(instance, {
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    logged: (text: string) => lines().filter(({ msg }) => String(msg).includes(text)),
    /** Pids of the processes that serve, oldest first. */
    members: () => childrenOf(instance.pid),
  });
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Asks over a new connection each time, or over one, until told to stop. @returns the outcomes */
function keepAsking(url: string, keepAlive: boolean) {
  const outcomes: (string | number)[] = [];
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  let isOver = false;
  const ask = () =>
    new Promise<string | number>((done) => {
      const fail = (error: NodeJS.ErrnoException) => done(`${error.syscall} ${error.code}`);
      const outgoing = httpRequest(url, { agent }, (answer) => {
        answer.on('error', fail).on('end', () => done(answer.statusCode ?? 0));
        answer.resume();
      });
      outgoing.on('error', fail).end();
    });
  const asking = (async () => {
    while (!isOver) outcomes.push(await ask());
    agent.destroy();
    return outcomes;
  })();
  return {
    outcomes,
    stop: () => {
      isOver = true;
      return asking;
    },
  };
}

it(
  'serves from all processes, and logs and warns once for all of them',
  async () => {
    const group = await startGroup({ EMAIL_HOST: 'mail' });
    await group.ready();
    expect(group.members()).toHaveLength(2);
    await Promise.all(
      Array.from({ length: 20 }, () => request(`${group.url}/graphql?query={me{id}}`)),
    );
    await expect.poll(() => group.logged('request')).toHaveLength(20);
    expect(new Set(group.logged('request').map(({ pid }) => pid))).toEqual(
      new Set(group.members()),
    );
    expect(group.logged('listening')).toMatchObject([{ port: group.port }]);
    expect(group.logged('EMAIL_HOST: ignored')).toHaveLength(1);
  },
  LONG,
);

it(
  'replaces a process that was killed, while the other one serves',
  async () => {
    const group = await startGroup();
    await group.ready();
    const [victim = 0, other = 0] = group.members();
    process.kill(victim, 'SIGKILL');
    await expect.poll(() => isAlive(victim)).toBe(false);
    expect((await request(`${group.url}/healthz`)).status).toBe(200);
    await expect.poll(group.members, { timeout: 20_000 }).toHaveLength(2);
    expect(group.members()).toContain(other);
    expect(group.logged('A server process ended unexpectedly')).toMatchObject([
      { process: 1, end: 'SIGKILL' },
    ]);
  },
  LONG,
);

it(
  'restarts one process after another at SIGHUP, with the new settings, and refuses no request',
  async () => {
    const group = await startGroup({ WEB_CONCURRENCY: '' });
    writeFileSync(join(directory, '.env'), 'WEB_CONCURRENCY=2\n');
    onTestFinished(() => rm(join(directory, '.env')));
    group.kill('SIGKILL');
    await group.ended;
    group.start();
    await group.ready();
    const old = group.members();
    const clients = [true, false, true, false].map((keepAlive) =>
      keepAsking(`${group.url}/.well-known/change-password`, keepAlive),
    );
    const change = 'WEB_CONCURRENCY=3\nCHANGE_PASSWORD_URL=https://app.example.com/\n';
    writeFileSync(join(directory, '.env'), change);
    group.kill('SIGHUP');
    await expect
      .poll(() => group.logged('restarted all server processes'), { timeout: 40_000 })
      .toMatchObject([{ processes: 3 }]);
    const outcomes = (await Promise.all(clients.map((client) => client.stop()))).flat();

    expect(outcomes.at(-1)).toBe(302);
    expect(new Set(outcomes)).toEqual(new Set([404, 302]));
    expect(group.members()).toHaveLength(3);
    expect(old.filter(isAlive)).toEqual([]);
  },
  LONG,
);

it(
  'continues with the old settings if the new ones are invalid',
  async () => {
    const group = await startGroup();
    await group.ready();
    const old = group.members();
    writeFileSync(join(directory, '.env'), 'OTP_TTL=never\n');
    onTestFinished(() => rm(join(directory, '.env')));
    group.kill('SIGHUP');
    await expect
      .poll(() => group.logged('Restart cancelled, the running processes continue'), {
        timeout: 20_000,
      })
      .toHaveLength(1);
    expect(readFileSync(group.logFile, 'utf8')).toMatch(/^OTP_TTL: must be a whole number/m);
    expect(group.members()).toEqual(old);
    expect((await request(`${group.url}/healthz`)).status).toBe(200);
  },
  LONG,
);

it.each<[string, Variables]>([
  ['an invalid setting', { OTP_TTL: 'never' }],
  ['an invalid WEB_CONCURRENCY', { WEB_CONCURRENCY: 'many' }],
  ['a host of another machine', { HOST: '203.0.113.1' }],
])('reports %s once, and ends with code 1', async (_what, variables) => {
  const group = await startGroup(variables);
  expect(await group.ended).toEqual([1, null]);
  const name = Object.keys(variables).join();
  expect(readFileSync(group.logFile, 'utf8')).toMatch(new RegExp(`^${name}: .+\\n$`));
});

const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const body = JSON.stringify({ query: '{ __typename }' });

/** Begins a request. @returns what the server has answered so far, and a way to send the rest */
function beginRequest(port: number) {
  let heard = '';
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('data', (chunk) => {
    heard += chunk.toString();
  });
  socket.on('error', () => undefined);
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n`);
  return { heard: () => heard, finish: () => socket.write(body) };
}

const isRefused = (port: number) =>
  new Promise<boolean>((done) => {
    const newcomer = connect(port, '127.0.0.1');
    newcomer.on('error', () => done(true)).on('connect', () => done(false));
    newcomer.on('connect', () => newcomer.destroy());
  });

it.each([
  ['SIGTERM', [0, null]],
  ['SIGINT', [0, null]],
  ['SIGKILL', [null, 'SIGKILL']],
] as const)(
  'completes accepted requests after %s of the primary process, and leaves none behind',
  async (signal, end) => {
    const group = await startGroup();
    await group.ready();
    const members = group.members();
    const running = Array.from({ length: 4 }, () => beginRequest(group.port));
    // Connections are passed on in their order: each process has two of those requests by now.
    await Promise.all([1, 2, 3, 4].map(() => request(`${group.url}/healthz`)));
    const toldAt = Date.now();
    group.kill(signal);
    await expect.poll(() => isRefused(group.port)).toBe(true);
    for (const { finish } of running) finish();
    for (const { heard } of running) {
      await expect.poll(heard).toMatch(/connection: close\r\n(.+\r\n)*\r\n{"data":{"__typename"/i);
    }
    expect(await group.ended).toEqual(end);
    await expect.poll(() => members.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    expect(Date.now() - toldAt).toBeLessThan(10_000);
  },
  LONG,
);
