import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { askSupervisor, socketIn } from '#src/adapters/supervisor-socket.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { gatehouseScript } from '../support/managed-process.ts';
import { request } from '../support/request.ts';
import { isAlive, redisOfThisMachine, until } from './place.ts';
import { ask, codeFor, login, redeem, walkBothFlows } from './sign-in-walk.ts';

const root = resolve(import.meta.dirname, '../..');
const { PATH, HOME, LD_LIBRARY_PATH } = environmentVariables();

let directory: string;
let started: ChildProcess | undefined;

beforeAll(() => {
  directory = emptyDirectory();
});

function emptyDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-tests-'));
  const unpackedRedis = join(root, '.data/redis-dist');
  mkdirSync(join(path, '.data'), { mode: 0o711 });
  if (existsSync(unpackedRedis)) symlinkSync(unpackedRedis, join(path, '.data/redis-dist'));
  return path;
}

afterEach(async () => {
  if (started?.exitCode === null && started.signalCode === null) await interrupt(started);
});

afterAll(() => remove(directory));

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}

interface Service {
  readonly process: ChildProcess;
  readonly url: string;
  readonly output: () => string;
}

/** `npm start` in a directory of its own, until it says that it runs. */
async function start(variables: Record<string, string> = {}): Promise<Service> {
  const port = await freePort();
  const child = spawn('sh', [join(root, 'bin/gatehouse'), 'start'], {
    cwd: directory,
    env: {
      PATH,
      HOME,
      LD_LIBRARY_PATH,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'),
      PORT: String(port),
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const service = { process: child, url: `http://127.0.0.1:${port}`, output: () => output };
  await until(
    'the service',
    () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
      return output.includes('Gatehouse is running');
    },
    15_000,
  );
  return service;
}

async function interrupt(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
  return child.exitCode;
}

/** Returns the pids of the processes that `npm start` manages. */
async function processes(): Promise<Readonly<Record<string, number>>> {
  return (await askSupervisor(socketIn(join(directory, '.data'))))?.processes ?? {};
}

it('starts the whole service in an empty directory, restarts processes that exit, and stops all of them', async () => {
  const { process: npmStart, url, output } = await start();
  const began = Date.now();
  const ada = await walkBothFlows(url);
  expect(Date.now() - began).toBeLessThan(2000);
  expect(output()).toContain(`${new URL(url).port}/inbox`);

  const before = await processes();
  expect(Object.keys(before).sort()).toEqual(['postgres', 'redis', 'server', 'worker']);
  const code = await codeFor(url, ada);
  for (const pid of Object.values(before)) process.kill(pid, 'SIGKILL');
  await until('all processes restarted', async () => {
    const now = await processes();
    return Object.keys(before).every((name) => now[name] && now[name] !== before[name]);
  });
  await until(
    'readiness',
    async () => (await request(`${url}/readyz`).catch(() => undefined))?.status === 200,
  );
  await ask(url, login(ada));
  await redeem(url, ada, await codeFor(url, ada, code));

  const after = await processes();
  expect(await interrupt(npmStart)).toBe(0);
  expect(Object.values(after).filter(isAlive)).toEqual([]);
});

it('lets commands beside `npm start` find its stores, also after a second start was rejected', async () => {
  const { url } = await start();
  const ada = await walkBothFlows(url);
  expect(await beside('start')).toMatch(
    /^Gatehouse is already running in .+ \(process \d+\): stop it first\n$/,
  );

  const promoted = await beside('createsuperuser', '--email', ada);
  expect(promoted).toBe(`Promoted ${ada} to ADMIN\n`);
});

/** Runs a command in the same directory without any setting. */
async function beside(...words: string[]): Promise<string> {
  const child = spawn(process.execPath, [gatehouseScript, ...words], {
    cwd: directory,
    env: { PATH, HOME, LD_LIBRARY_PATH },
  });
  child.stdin.end();
  const [output, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return output + problems;
}

it('cleans up at the next start after kill -9, and finds its accounts again', async () => {
  const first = await start();
  const ada = await walkBothFlows(first.url);
  const orphans = await processes();
  const exited = once(first.process, 'exit');
  // bin/run has become Node: this is the supervisor itself.
  first.process.kill('SIGKILL');
  await exited;

  const second = await start();
  expect(Object.values(orphans).filter(isAlive)).toEqual([]);
  expect((await ask(second.url, login(ada))).login?.challengeId).toBeTruthy();
});

it('signs people in with a copy of the example file for development', async () => {
  const copy = join(directory, '.env');
  copyFileSync(join(root, '.env.example'), copy);
  onTestFinished(() => rmSync(copy));
  const { url } = await start();
  expect(await walkBothFlows(url)).toContain('@');
});

it("understands the replaced service's own six variables", async () => {
  remove(directory);
  directory = emptyDirectory();
  const redis = await redisWithoutPassword();
  const { url, output } = await start({
    SECRET_KEY: 'django-insecure-short',
    DEBUG: 'True',
    ALLOWED_HOSTS: '127.0.0.1,.example.com',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redis.port),
    CELERY_BROKER_URL: `redis://127.0.0.1:${redis.port}/1`,
  });
  expect(output()).toContain('It runs in development mode and uses your Redis');
  await walkBothFlows(url);

  const { info, statusOf } = redis;
  expect(Object.keys(await processes()).sort()).toEqual(['postgres', 'server', 'worker']);
  expect(await info()).toMatch(/^db0:[\s\S]*^db1:/m);
  expect(await statusOf(url, 'auth.example.com')).toBe(200);
  expect(await statusOf(url, 'evil.example')).toBe(400);
});

/** As the replaced service has it. */
async function redisWithoutPassword() {
  const own = join(directory, 'old');
  const binary = await redisOfThisMachine();
  const running = await startRedis({ directory: own, password: 'x', durable: false, binary });
  const client = new Redis(running.url);
  onTestFinished(async () => {
    client.disconnect();
    await running.stop();
  });
  await client.config('SET', 'requirepass', '');
  return {
    port: running.port,
    info: () => client.info('keyspace'),
    statusOf: async (url: string, host: string) =>
      (await request(`${url}/.well-known/jwks.json`, { headers: { host } })).status,
  };
}
