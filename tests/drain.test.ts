import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { newAddress } from './support/app.ts';
import { codeIn } from './support/code-in-mail.ts';
import { faultLasts } from './support/fault-duration.ts';
import { PASSWORD } from './support/flow.ts';
import { machineVariables } from './support/machine-variables.ts';
import { type MailServer, startMailServer } from './support/mail-server.ts';
import { type ManagedProcess, startManagedProcess } from './support/managed-process.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';
import { request } from './support/request.ts';
import { eventsOf, subscribe } from './support/subscription.ts';
import { many } from './support/wide-limits.ts';

const LONG = 60_000;
let stores: OwnStores;
let mails: MailServer;
const living = new Set<ManagedProcess>();

beforeAll(async () => {
  [stores, mails] = await Promise.all([startMigratedStores(), startMailServer()]);
});
afterEach(() => {
  for (const instance of living) instance.kill('SIGKILL');
  living.clear();
});
afterAll(async () => {
  await stores.close();
  await mails.close();
});

/** Starts a process of its own. It need not be ready yet. */
function startProcess(
  command: 'server' | 'worker',
  variables: Record<string, string> = {},
): ManagedProcess {
  const { directory, postgres, redis } = stores;
  const instance = startManagedProcess({
    name: `drain-${++count}`,
    command,
    directory,
    variables: {
      ...machineVariables(),
      NODE_ENV: 'development',
      SECRET_KEY: 'secret of the tests',
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      SMTP_URL: mails.url,
      LIMIT_REGISTER: many,
      LIMIT_REQUESTS: '1000000/60',
      ...variables,
    },
  });
  living.add(instance);
  return instance;
}
let count = 0;

async function startServer() {
  const port = await freePort();
  const server = startProcess('server', { PORT: String(port) });
  await server.ready();
  return Object.assign(server, { port, url: `http://127.0.0.1:${port}` });
}

async function startWorker(): Promise<ManagedProcess> {
  const worker = startProcess('worker');
  await worker.ready();
  return worker;
}

/** Tells a process to end. It ends well, within the time that supervisors give it. */
async function expectEnd(instance: ManagedProcess): Promise<void> {
  const told = Date.now();
  instance.kill('SIGTERM');
  expect(await instance.ended).toEqual([0, null]);
  expect(Date.now() - told).toBeLessThan(10_000);
}

/** Asks over one connection, again and again, until it is refused. Adds each outcome to the list. */
async function askAlways(url: string, bodyOf: () => object, outcomes: (string | number)[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { 'content-type': 'application/json' };
  const ask = () =>
    new Promise<string | number>((done) => {
      const fail = (error: NodeJS.ErrnoException) => done(`${error.syscall} ${error.code}`);
      const outgoing = httpRequest(url, { agent, method: 'POST', headers }, (answer) => {
        answer.on('error', fail).on('end', () => done(answer.statusCode ?? 0));
        answer.resume();
      });
      outgoing.on('error', fail).end(JSON.stringify(bodyOf()));
    });
  for (let outcome = await ask(); ; outcome = await ask()) {
    outcomes.push(outcome);
    if (typeof outcome === 'string') break;
  }
  agent.destroy();
}

it(
  'responds to every accepted request before it exits, under load',
  async () => {
    const server = await startServer();
    const outcomes: (string | number)[] = [];
    const newcomer = () => ({ email: newAddress(), password: PASSWORD });
    const question = () => ({ query: '{ __typename }' });
    const clients = [
      ...Array.from({ length: 3 }, () =>
        askAlways(`${server.url}/api/v1/auth/register`, newcomer, outcomes),
      ),
      ...Array.from({ length: 20 }, () => askAlways(`${server.url}/graphql`, question, outcomes)),
    ];
    await expect.poll(() => outcomes.length, { timeout: 20_000 }).toBeGreaterThan(400);
    await expectEnd(server);
    await Promise.all(clients);

    expect(new Set(outcomes)).toEqual(new Set([200, 201, 'connect ECONNREFUSED']));
  },
  LONG,
);

/** Begins a request. @returns what the server has answered so far, and a way to send the rest */
function beginRequest(url: string, first: string) {
  let heard = '';
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('data', (chunk) => {
    heard += chunk.toString();
  });
  socket.on('error', () => undefined);
  socket.write(first);
  return { heard: () => heard, send: (rest: string) => socket.write(rest) };
}

const body = JSON.stringify({ query: '{ __typename }' });
const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

it(
  'completes a running request, however often it receives a signal',
  async () => {
    const server = await startServer();
    const slow = beginRequest(server.url, head);
    const idle = beginRequest(server.url, head + body);
    await expect.poll(idle.heard).toContain('__typename');
    expect(idle.heard()).toContain('Connection: keep-alive');
    const ending = expectEnd(server);
    const isRefused = () =>
      new Promise<boolean>((done) => {
        const newcomer = connect(server.port, '127.0.0.1');
        newcomer.on('error', () => done(true)).on('connect', () => done(false));
        newcomer.on('close', () => newcomer.destroy());
      });
    await expect.poll(isRefused).toBe(true);
    server.kill('SIGTERM');
    server.kill('SIGINT');

    slow.send(body);
    idle.send(head + body);
    for (const { heard } of [slow, idle]) {
      await expect.poll(heard).toMatch(/connection: close\r\n(.+\r\n)*\r\n{"data":{"__typename"/i);
    }
    await ending;
  },
  LONG,
);

it(
  'completes the streams of subscriptions, and does not wait for their clients',
  async () => {
    const [server] = await Promise.all([startServer(), startWorker()]);
    const email = newAddress();
    const post = async (path: string, given: object) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ email, ...given });
      return JSON.parse((await request(server.url + path, { method: 'POST', headers, body })).text);
    };
    const { challenge_id } = await post('/api/v1/auth/otp/request', {});
    const mail = () => mails.received.find(({ to }) => to === email)?.raw ?? '';
    await expect.poll(mail, { timeout: 20_000 }).not.toBe('');
    const { access } = await post('/api/v1/auth/otp/verify', { otp: codeIn(mail()), challenge_id });
    const stream = await subscribe(server, access);
    const told = Date.now();
    await expectEnd(server);
    expect(Date.now() - told).toBeLessThan(4000);
    expect(eventsOf(stream)).toEqual([['complete', '']]);
  },
  LONG,
);

it.each([
  ['while clients hold half-sent requests', [], [head.slice(0, 40), `${head}{`]],
  ['while PostgreSQL is frozen', ['postgres'], []],
  ['while Redis is frozen', ['redis'], []],
] as const)(
  'stops server and worker within the time limit %s',
  async (_when, frozen, halves) => {
    const [server, worker] = await Promise.all([startServer(), startWorker()]);
    const ask = (path: string) => request(server.url + path).then(({ status }) => status);
    for (const name of frozen) stores[name].freeze();
    onTestFinished(() => {
      for (const name of frozen) stores[name].thaw();
    });
    const asked = [ask('/readyz'), ask('/.well-known/jwks.json')];
    for (const half of halves) beginRequest(server.url, half);
    // The server accepts connections in their order: it has all requests once it has answered this.
    await ask('/healthz');
    await Promise.all([expectEnd(server), expectEnd(worker)]);

    expect(await Promise.all(asked)).toEqual([frozen.length > 0 ? 503 : 200, 200]);
  },
  LONG,
);

it(
  'exits with code 0 if it receives a signal before it has reached its stores',
  async () => {
    const lost = 'postgres://nobody@127.0.0.1:1/nowhere';
    const server = startProcess('server', { DATABASE_URL: lost, PORT: '0' });
    await expect
      .poll(() => readFileSync(server.logFile, 'utf8'), { timeout: 20_000 })
      .toMatch(/DATABASE_URL: cannot connect/);
    await expectEnd(server);
  },
  LONG,
);

it(
  'completes a mail that a worker has started to send, and sends it once',
  async () => {
    const [server, worker] = await Promise.all([startServer(), startWorker()]);
    const ask = (email: string) =>
      request(`${server.url}/api/v1/auth/otp/request`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email }),
      });
    const sent = (email: string) => mails.received.filter(({ to }) => to === email).length;
    const [first, second] = [newAddress(), newAddress()];
    await ask(first);
    await expect.poll(() => sent(first), { timeout: 20_000 }).toBe(1);

    const begun = Promise.withResolvers<void>();
    const reply = Promise.withResolvers<void>();
    mails.delay = () => {
      begun.resolve();
      return reply.promise;
    };
    await ask(second);
    await begun.promise;
    const ending = expectEnd(worker);
    // The mail server is slow to answer the worker, which has been told to end.
    await faultLasts(3000);
    reply.resolve();
    await ending;
    expect(sent(second)).toBe(1);

    mails.delay = () => undefined;
    const other = await startWorker();
    const third = newAddress();
    await ask(third);
    await expect.poll(() => sent(third), { timeout: 20_000 }).toBe(1);
    expect(sent(second)).toBe(1);
    await Promise.all([expectEnd(other), expectEnd(server)]);
  },
  LONG,
);
