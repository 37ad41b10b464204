import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import type { Variables } from '#src/config/load-config.ts';
import { childrenOf } from './support/child-processes.ts';
import { newDatabase } from './support/database.ts';
import { keepAsking } from './support/keep-asking.ts';
import { machineVariables } from './support/machine-variables.ts';
import { type ManagedProcess, startManagedProcess } from './support/managed-process.ts';
import { type RequestOptions, request } from './support/request.ts';

const LONG = 60_000;
const database = newDatabase();
let directory: string;
let servers = 0;
const groups = new Set<ManagedProcess>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  await database.create();
});
afterAll(async () => {
  for (const group of groups) group.kill('SIGKILL');
  await Promise.all([...groups].map(({ ended }) => ended));
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

/** Starts a server of two processes, unless the variables say otherwise. It need not be ready. */
async function startGroup(more: Variables = {}) {
  servers += 1;
  const own = join(directory, String(servers));
  await mkdir(own);
  const write = (text: string) => writeFileSync(join(own, '.env'), text);
  write('WEB_CONCURRENCY=2\nUV_THREADPOOL_SIZE=6\n');
  const port = await freePort();
  const variables = {
    ...machineVariables(),
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    PORT: String(port),
    SECRET_KEY: 'secret of the tests',
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    LIMIT_REQUESTS: '1000000/60',
    ...more,
  };
  const instance = startManagedProcess({
    name: 'server',
    command: 'server',
    directory: own,
    variables,
  });
  groups.add(instance);
  const output = () => readFileSync(instance.logFile, 'utf8');
  const logged = (text: string): Record<string, unknown>[] => {
    const lines = output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.includes(text));
    return lines.map((line) => JSON.parse(line));
  };
  return Object.assign(instance, {
    port,
    url: `http://127.0.0.1:${port}`,
    writeEnvFile: write,
    output,
    logged,
    /** Pids of the processes that serve, oldest first. */
    members: () => childrenOf(instance.pid),
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Returns the priorities of libuv's threads; the event loop has 0. */
function threadsOf(pid: number): number[] {
  const name = (task: string) => readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8');
  return readdirSync(`/proc/${pid}/task`)
    .filter((task) => name(task).startsWith('libuv-worker'))
    .map((task) => getPriority(Number(task)));
}

const SIX_OF_LOW_PRIORITY = Array(6).fill(10);

describe('a server of two processes', () => {
  let group: Awaited<ReturnType<typeof startGroup>>;
  beforeAll(async () => {
    group = await startGroup({ EMAIL_HOST: 'mail' });
    await group.ready();
  });

  /** Pids of the processes that log one of 20 requests. */
  async function pidsThatServe() {
    const before = group.logged('"request"').length;
    const headers = { connection: 'close' };
    const ask = () => request(`${group.url}/graphql?query={me{id}}`, { headers });
    await Promise.all(Array.from({ length: 20 }, ask));
    const lines = () => group.logged('"request"').slice(before);
    await expect.poll(lines).toHaveLength(20);
    return new Set(lines().map(({ pid }) => pid));
  }

  it('serves from both, each with the threads of the settings, and warns once', async () => {
    const members = group.members();
    expect(await pidsThatServe()).toEqual(new Set(members));
    expect(members.map(threadsOf)).toEqual([SIX_OF_LOW_PRIORITY, SIX_OF_LOW_PRIORITY]);
    expect(group.logged('"listening"')).toMatchObject([{ port: group.port }]);
    expect(group.logged('EMAIL_HOST: ignored')).toHaveLength(1);
  });

  it('replaces a process that was killed, while the other one serves', {
    timeout: LONG,
  }, async () => {
    const [victim = 0, other = 0] = group.members();
    process.kill(victim, 'SIGSTOP');
    const waiting = [beginRequest(group.port), beginRequest(group.port)];
    for (const { finish } of waiting) finish();
    const answered = () => waiting.filter(({ heard }) => heard() !== '');
    await expect.poll(answered).toHaveLength(1);
    process.kill(victim, 'SIGKILL');
    // The connection that was on its way to that process.
    await expect.poll(() => waiting.some(({ closed }) => closed())).toBe(true);
    expect((await request(`${group.url}/healthz`)).status).toBe(200);
    await expect.poll(group.members, { timeout: 20_000 }).toHaveLength(2);
    expect(group.members()).toContain(other);
    await expect.poll(pidsThatServe, { timeout: 20_000 }).toEqual(new Set(group.members()));
    expect(group.logged('A server process ended unexpectedly')).toMatchObject([
      { process: 1, end: 'SIGKILL' },
    ]);
  });

  it('continues with its settings if new ones are invalid', { timeout: LONG }, async () => {
    const before = group.members();
    group.writeEnvFile('WEB_CONCURRENCY=2\nOTP_TTL=never\n');
    group.kill('SIGHUP');
    const cancelled = () => group.logged('Restart cancelled, the running processes continue');
    await expect.poll(cancelled, { timeout: 20_000 }).toHaveLength(1);
    expect(group.output()).toMatch(/^OTP_TTL: must be a whole number/m);
    expect(group.members()).toEqual(before);
    expect((await request(`${group.url}/healthz`)).status).toBe(200);
  });

  it('restarts one by one at SIGHUP with new settings, and loses no request', {
    timeout: LONG,
  }, async () => {
    const before = group.members();
    const page = `${group.url}/.well-known/change-password`;
    const clients = [true, false, true, false].map((keepAlive) => keepAsking(page, keepAlive));
    group.writeEnvFile('WEB_CONCURRENCY=3\nCHANGE_PASSWORD_URL=https://app.example.com/\n');
    group.kill('SIGHUP');
    const done = () => group.logged('restarted all server processes');
    await expect.poll(done, { timeout: 40_000 }).toMatchObject([{ processes: 3 }]);
    const outcomes = (await Promise.all(clients.map((client) => client.stop()))).flat();

    expect(outcomes.at(-1)).toBe(302);
    expect(new Set(outcomes)).toEqual(new Set([404, 302]));
    expect(group.members()).toHaveLength(3);
    expect(before.filter(isAlive)).toEqual([]);
  });
});

it('counts the requests of a client for both processes together', { timeout: LONG }, async () => {
  const group = await startGroup({ LIMIT_REQUESTS: '40/600' });
  await group.ready();
  const statuses = async (times: number, options: RequestOptions) => {
    const found: number[] = [];
    for (let time = 0; time < times; time += 1)
      found.push((await request(`${group.url}/api/v1/auth/me`, options)).status);
    return found;
  };
  const alternating = { headers: { connection: 'close' } };
  // One connection, and so one process, serves all of them.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const kept = { agent, from: '127.0.0.2' };
  expect(await statuses(41, kept)).toEqual([...Array(40).fill(401), 429]);
  const elsewhere = () => statuses(2, { ...alternating, from: '127.0.0.2' });
  await expect.poll(elsewhere).toEqual([429, 429]);

  const all: number[] = [];
  const ask = async () => {
    const found = await statuses(4, { ...alternating, from: '127.0.0.3' });
    all.push(...found);
    return found;
  };
  const refused = [429, 429, 429, 429];
  await expect.poll(ask, { interval: 100, timeout: 20_000 }).toEqual(refused);
  const served = all.filter((status) => status === 401).length;
  expect(served).toBeGreaterThanOrEqual(40);
  expect(served).toBeLessThan(60);
  expect((await request(`${group.url}/api/v1/auth/me`)).status).toBe(401);
});

it('sizes the thread pool of a single process by .env too', async () => {
  const server = await startGroup({ WEB_CONCURRENCY: '1' });
  await server.ready();
  expect([server.members(), threadsOf(server.pid)]).toEqual([[], SIX_OF_LOW_PRIORITY]);
});

it('reports what prevents a start once, and ends with code 1', async () => {
  const cases: Variables[] = [
    { OTP_TTL: 'never' },
    { WEB_CONCURRENCY: 'many' },
    { HOST: '203.0.113.1' },
  ];
  const ends = cases.map(async (variables) => {
    const { ended, output } = await startGroup(variables);
    return [Object.keys(variables).join(), await ended, output()] as const;
  });
  for (const [name, end, output] of await Promise.all(ends)) {
    expect([end, output]).toEqual([[1, null], expect.stringMatching(RegExp(`^${name}: .+\\n$`))]);
  }
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
  return { heard: () => heard, closed: () => socket.closed, finish: () => socket.write(body) };
}

it('completes a request whose connection was on its way when the primary process was killed', {
  timeout: LONG,
}, async () => {
  const group = await startGroup();
  await group.ready();
  const [frozen = 0, other = 0] = group.members();
  process.kill(frozen, 'SIGSTOP');
  const running = [beginRequest(group.port), beginRequest(group.port)];
  for (const { finish } of running) finish();
  const answered = () => running.filter(({ heard }) => heard() !== '');
  await expect.poll(answered, { timeout: 10_000 }).toHaveLength(1);
  group.kill('SIGKILL');
  await group.ended;
  process.kill(frozen, 'SIGCONT');
  await expect.poll(answered, { timeout: 10_000 }).toHaveLength(2);
  for (const { heard } of running) expect(heard()).toContain('{"data":{"__typename"');
  await expect.poll(() => [frozen, other].filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

const isRefused = (port: number) =>
  new Promise<boolean>((done) => {
    const newcomer = connect(port, '127.0.0.1');
    newcomer.on('error', () => done(true)).on('connect', () => done(false));
    newcomer.on('connect', () => newcomer.destroy());
  });

it.each([
  ['SIGTERM', [0, null]],
  ['SIGKILL', [null, 'SIGKILL']],
] as const)(
  'completes accepted requests after %s of the primary process, and leaves none behind',
  async (signal, end) => {
    const group = await startGroup();
    await group.ready();
    const members = group.members();
    const running = Array.from({ length: 4 }, () => beginRequest(group.port));
    // Connections are passed on in their order: all four have left the primary process by then.
    await Promise.all([1, 2, 3, 4].map(() => request(`${group.url}/healthz`)));
    const toldAt = Date.now();
    group.kill(signal);
    await expect.poll(() => isRefused(group.port)).toBe(true);
    for (const { finish } of running) finish();
    for (const { heard } of running) {
      await expect
        .poll(heard, { timeout: 10_000 })
        .toMatch(/connection: close\r\n(.+\r\n)*\r\n{"data":{"__typename"/i);
    }
    expect(await group.ended).toEqual(end);
    await expect.poll(() => members.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    expect(Date.now() - toldAt).toBeLessThan(10_000);
  },
  LONG,
);
