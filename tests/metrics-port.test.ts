import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import type { Variables } from '#src/config/load-config.ts';
import { childrenOf } from './support/child-processes.ts';
import { newDatabase } from './support/database.ts';
import { type Figures, parseMetrics } from './support/metrics.ts';
import { startInProduction } from './support/production-process.ts';
import { request } from './support/request.ts';

const database = newDatabase();

beforeAll(() => database.create());
afterAll(() => database.drop());

const start = (command: 'server' | 'worker', more: Variables) =>
  startInProduction(command, { DATABASE_URL: database.url, ...more });

const readFrom = async (port: number): Promise<Figures> => {
  const { status, headers, text } = await request(`http://127.0.0.1:${port}/metrics`);
  expect([status, headers['content-type']]).toEqual([
    200,
    expect.stringMatching(/^text\/plain; version=0\.0\.4/),
  ]);
  return parseMetrics(text);
};

it('serves metrics on ports of their own, and nothing else there', async () => {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const METRICS_PORT = String(metricsPort);
  const server = start('server', { PORT: String(port), METRICS_PORT });
  const worker = start('worker', { METRICS_PORT });
  await Promise.all([server.ready(), worker.ready()]);
  expect((await request(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
  expect((await readFrom(metricsPort)).get('gatehouse_processes')).toBe(1);
  expect((await readFrom(metricsPort + 1)).get('gatehouse_mails_total{outcome="DELIVERED"}')).toBe(
    0,
  );
  const base = `http://127.0.0.1:${metricsPort}`;
  const others = [request(`${base}/healthz`), request(`${base}/metrics`, { method: 'POST' })];
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([404, 405]);
});

it('adds up the processes of a server, and never counts back when one ends', {
  timeout: 60_000,
}, async () => {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const group = start('server', {
    ...{ PORT: String(port), METRICS_PORT: String(metricsPort), WEB_CONCURRENCY: '2' },
  });
  await group.ready();
  const jwks = `http://127.0.0.1:${port}/.well-known/jwks.json`;
  const ask = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () => request(jwks, { headers: { connection: 'close' } })),
    );
  const name = 'gatehouse_requests_total{operation="GET /.well-known/jwks.json",outcome="OK"}';
  const requests = async () => (await readFrom(metricsPort)).get(name);
  const processes = async () => (await readFrom(metricsPort)).get('gatehouse_processes');
  await ask(20);
  await expect.poll(requests).toBe(20);
  const figures = await readFrom(metricsPort);
  expect(figures.get('gatehouse_processes')).toBe(2);
  expect(figures.get('gatehouse_postgresql_up')).toBe(1);
  expect(figures.get('gatehouse_outbox_waiting{kind="mail"}')).toBe(0);

  const [victim = 0] = childrenOf(group.pid);
  process.kill(victim, 'SIGSTOP');
  expect(await requests(), 'while a process is frozen').toBe(20);
  process.kill(victim, 'SIGKILL');
  await expect.poll(processes, { timeout: 20_000 }).toBe(2);
  expect(await requests()).toBe(20);
  await ask(10);
  await expect.poll(requests).toBe(30);
  // A process that ends by itself reports what it has counted since it was last asked.
  await ask(10);
  group.kill('SIGHUP');
  await expect.poll(group.output, { timeout: 40_000 }).toContain('restarted all server processes');
  expect(await requests()).toBe(40);
});

it('stops the start if it cannot listen there, and names the setting', {
  timeout: 60_000,
}, async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
  onTestFinished(() => void taken.close());
  const METRICS_PORT = String(port);
  const cases = [
    ['server', { METRICS_PORT }, /^METRICS_PORT: \d+ is already in use\..+\n$/],
    [
      'server',
      { METRICS_PORT, WEB_CONCURRENCY: '2' },
      /^METRICS_PORT: \d+ is already in use\..+\n$/,
    ],
    [
      'worker',
      { WORKER_METRICS_PORT: METRICS_PORT },
      /^WORKER_METRICS_PORT: \d+ is already in use\..+\n$/,
    ],
    [
      'server',
      { METRICS_PORT: '0', METRICS_HOST: '203.0.113.1' },
      /^METRICS_HOST: cannot listen on 203.+\n$/,
    ],
  ] as const;
  await Promise.all(
    cases.map(async ([command, variables, line]) => {
      const instance = start(command, { LOG_LEVEL: 'silent', ...variables });
      expect([await instance.ended, instance.output()]).toEqual([
        [1, null],
        expect.stringMatching(line),
      ]);
    }),
  );
});
