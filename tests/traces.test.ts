import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { TestApp } from './support/app.ts';
import { failEveryStatement } from './support/failing-statements.ts';
import { Person } from './support/flow.ts';
import { machineVariables } from './support/machine-variables.ts';
import { startManagedProcess } from './support/managed-process.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';
import { production } from './support/production.ts';
import { openConnection } from './support/raw-connection.ts';
import type { Answer } from './support/request.ts';
import { request } from './support/request.ts';
import { rest } from './support/rest.ts';
import {
  type CollectedSpan,
  startTraceCollector,
  type TraceCollector,
  traceVariables,
} from './support/trace-collector.ts';

let collector: TraceCollector;
let stores: OwnStores;
let app: TestApp;

beforeAll(async () => {
  collector = await startTraceCollector();
  stores = await startMigratedStores();
  const urls = { DATABASE_URL: stores.postgres.url, REDIS_URL: stores.redis.url };
  const { SECRET_KEY } = production;
  const variables = { ...urls, ...traceVariables(collector.url), SECRET_KEY };
  app = new TestApp({ ...variables, TRUST_PROXY: '127.0.0.1' });
  await app.start();
}, 60_000);

afterAll(async () => {
  await app.stop();
  await stores.close();
  collector.close();
});

const SERVER = 2;

const idOf = ({ headers }: Pick<Answer, 'headers'>) => String(headers['x-request-id']);

/** Returns the spans of the trace that a response's request is in, once it has these spans. */
async function traceOf(
  answer: Pick<Answer, 'headers'>,
  ...names: string[]
): Promise<CollectedSpan[]> {
  return app.eventually(() => {
    const root = collector.spans.find(
      ({ kind, attributes }) =>
        kind === SERVER && String(attributes['http.response.header.x-request-id']) === idOf(answer),
    );
    const trace = collector.spans.filter(({ traceId }) => traceId === root?.traceId);
    return root && names.every((name) => trace.some((span) => span.name === name)) && trace;
  });
}

const find = (trace: readonly CollectedSpan[], name: string) =>
  trace.find((span) => span.name === name);

/** Returns each span after its parent: `POST /graphql → mutation login`. */
const edgesOf = (trace: readonly CollectedSpan[]): string[] =>
  trace
    .map(({ name, parentSpanId }) => {
      const parent = trace.find(({ spanId }) => spanId === parentSpanId);
      return `${parent?.name ?? '-'} → ${name}`;
    })
    .sort();

it('records a request for a code, from HTTP over SQL and Redis to the mail server, in one trace', async () => {
  const answer = await new Person(app).requestOtp();
  const trace = await traceOf(answer, 'complete-claims', 'process audit');
  expect(edgesOf(trace)).toEqual([
    '- → POST /graphql',
    'POST /graphql → mutation requestOtp',
    ...['COMMIT', 'EVALSHA consumeWindow', 'EVALSHA issueCode', 'EVALSHA touchAddress'].map(
      (name) => `mutation requestOtp → ${name}`,
    ),
    ...['find-addresses', 'send outbox'].map((name) => `mutation requestOtp → ${name}`),
    ...['GET', 'HMGET', 'SMTP send', 'complete-claims'].map((name) => `process mail → ${name}`),
    ...['BEGIN', 'insert-entries', 'process audit', 'process mail'].map(
      (name) => `send outbox → ${name}`,
    ),
  ]);
  const [server] = trace.filter(({ kind }) => kind === SERVER);
  expect(server?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/graphql',
    'http.response.status_code': 200,
  });
});

const FAILED = { code: 2 };

it('keeps concurrent requests apart that share a statement', async () => {
  const people = await Promise.all([new Person(app).signIn(), new Person(app).signIn()]);
  const connection = await openConnection(app.url);
  const requests = people.flatMap(({ accessToken }) => [
    'GET /api/v1/auth/me HTTP/1.1',
    ...['Host: localhost', `Authorization: Bearer ${accessToken}`, ''],
  ]);
  connection.write(...requests, '');
  const ids = await app.eventually(() => {
    const found = [...connection.received.matchAll(/x-request-id: (\S+)/g)].map(
      ([, id]) => id ?? '',
    );
    return found.length === people.length && found;
  });
  const name = 'GET /api/v1/auth/me';
  const traces = await Promise.all(
    ids.map((id) => traceOf({ headers: { 'x-request-id': id } }, name)),
  );
  for (const trace of traces) {
    const edges = [`- → ${name}`, `${name} → query me`, 'query me → find-viewers'];
    expect(edgesOf(trace)).toEqual(edges);
    expect(find(trace, 'find-viewers')?.attributes['db.operation.batch.size']).toBe(people.length);
  }
});

it('marks spans of failures, and none of refusals', async () => {
  const refused = await new Person(app).login('a wrong password');
  const refusal = await traceOf(refused, 'mutation login');
  expect(find(refusal, 'mutation login')?.attributes['error.type']).toBe('INVALID_CREDENTIALS');
  expect(refusal.filter(({ status }) => status.code === FAILED.code)).toEqual([]);

  await failEveryStatement(app, Object.assign(new Error('away'), { code: '57P01' }));
  const body = { email: 'ada@example.com' };
  const failed = await rest(app, 'POST', '/auth/otp/request', body);
  const failure = await traceOf(failed, 'mutation requestOtp');
  expect(find(failure, 'mutation requestOtp')).toMatchObject({
    status: FAILED,
    attributes: { 'error.type': '57P01' },
  });
  expect(find(failure, 'POST /api/v1/auth/otp/request')).toMatchObject({
    status: FAILED,
    attributes: { 'error.type': '503', 'http.route': '/api/v1/auth/otp/request' },
  });
});

it('marks the span of a mail that the mail server rejects, and logs the ids of the request', async () => {
  app.mails.refuse = () => ({ code: 550, text: 'no' });
  const answer = await new Person(app).requestOtp();
  const trace = await traceOf(answer, 'process mail');
  app.mails.refuse = () => undefined;
  for (const name of ['SMTP send', 'process mail']) {
    const span = { status: FAILED, attributes: { 'error.type': 'EENVELOPE' } };
    expect(find(trace, name)).toMatchObject(span);
  }
  const ids = { requestId: idOf(answer), trace_id: trace[0]?.traceId };
  const lines = app.logLines.map((line) => JSON.parse(line));
  const about = lines.filter(({ requestId }) => requestId === ids.requestId);
  const kinds = new Set(about.map(({ event, msg }) => event ?? msg));
  expect(kinds).toEqual(new Set(['mail-refused', 'request']));
  for (const line of about) expect(line).toMatchObject(ids);
});

it('names routes, and no ids', async () => {
  const { accessToken: token } = await new Person(app).signIn();
  const id = '0193b2b0-0000-7000-8000-000000000000';
  const answer = await rest(app, 'DELETE', `/auth/sessions/${id}`, undefined, { token });
  const [span] = await traceOf(answer, 'DELETE /api/v1/auth/sessions/:id');
  expect(span).toBeDefined();
  expect((await app.fetch('/healthz')).status).toBe(200);
  await traceOf(await app.fetch(`/${id}`), 'GET');
  expect(collector.text()).not.toMatch(new RegExp(`${id}|healthz`));
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

it.each<[string, string, string, boolean]>([
  ['continues that of a trusted proxy', `00-${TRACE}-${PARENT}-01`, '127.0.0.1', true],
  ['continues one of a later version', `01-${TRACE}-${PARENT}-01-more`, '127.0.0.1', true],
  ['starts a new one for a client', `00-${TRACE}-${PARENT}-01`, '127.9.9.9', false],
  ['starts a new one for too many fields', `00-${TRACE}-${PARENT}-01-x`, '127.0.0.1', false],
  ['starts a new one for zeros', `00-${'0'.repeat(32)}-${PARENT}-01`, '127.0.0.1', false],
  ['starts a new one for version ff', `ff-${TRACE}-${PARENT}-01`, '127.0.0.1', false],
])('%s', async (_rule, traceparent, from, isContinued) => {
  const headers = { traceparent, tracestate: 'vendor=secret', baggage: 'user=secret' };
  const answer = await app.graphql('{ __typename }', {}, { headers, from });
  const trace = await traceOf(answer);
  const root = trace.find(
    ({ attributes }) => String(attributes['http.response.header.x-request-id']) === idOf(answer),
  );
  expect(root?.traceId === TRACE).toBe(isContinued);
  expect(root?.parentSpanId === PARENT).toBe(isContinued);
  expect(collector.text()).not.toContain('secret');
});

it('does not record what a trusted proxy has not sampled, and logs its trace', async () => {
  const id = TRACE.replace('0a', '0b');
  const headers = { traceparent: `00-${id}-${PARENT}-00` };
  const answer = await app.graphql('{ __typename }', {}, { headers, from: '127.0.0.1' });
  await traceOf(await app.graphql('{ __typename }'));
  const lines = app.logLines.map((line) => JSON.parse(line));
  expect(lines.find(({ requestId }) => requestId === idOf(answer))).toMatchObject({ trace_id: id });
  expect(collector.spans.filter(({ traceId }) => traceId === id)).toEqual([]);
});

it('delivers mails and events of a release that stored no trace', async () => {
  const without = 'update outbox_entries set request_id = null, traceparent = null';
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  const ada = new Person(app);
  await ada.requestOtp();
  await app.mailsDelivered();
  app.mails.refuse = () => undefined;
  await app.sql(`${without}, due_at = now() where done_at is null`);
  expect(await ada.code()).toMatch(/^\d{6}$/);
});

/** Starts a server with this `.env`, as an operator does, and returns its output at its end. */
async function runServer(envFile: string, use: (url: string) => Promise<unknown>): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-tests-'));
  writeFileSync(join(directory, '.env'), envFile);
  const port = String(await freePort());
  const instance = startManagedProcess({
    name: 'server',
    command: 'server',
    directory,
    variables: {
      ...machineVariables(),
      ...production,
      ...{ SMTP_URL: 'smtp://127.0.0.1:9', HOST: '127.0.0.1', PORT: port },
      ...{ DATABASE_URL: stores.postgres.url, REDIS_URL: stores.redis.url },
    },
  });
  onTestFinished(async () => {
    instance.kill('SIGKILL');
    await instance.ended;
    rmSync(directory, { recursive: true, force: true });
  });
  await instance.ready();
  await use(`http://127.0.0.1:${port}`);
  instance.kill('SIGTERM');
  await instance.ended;
  return readFileSync(instance.logFile, 'utf8');
}

it('reads the variables of OpenTelemetry from .env, and exports the last spans at the end', async () => {
  const before = collector.spans.length;
  const file = [
    `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${collector.url}/v1/traces`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/json',
    'OTEL_BSP_SCHEDULE_DELAY=60000',
    'OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=of-the-tests',
  ].join('\n');
  const output = await runServer(file, (url) => request(`${url}/.well-known/jwks.json`));
  expect(output).not.toMatch(/warn|OTEL/);
  const added = collector.spans.slice(before).map(({ name }) => name);
  expect(added).toContain('GET /.well-known/jwks.json');
  expect(collector.text()).toMatch(/"gatehouse-server"/);
  expect(collector.text()).toMatch(/"of-the-tests"/);
});

it('starts without traces if packages are missing, and says how to install them', async () => {
  const file =
    'OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317\nOTEL_EXPORTER_OTLP_PROTOCOL=grpc';
  const output = await runServer(file, (url) => request(`${url}/healthz`));
  const cure = 'Run `npm install --no-save @opentelemetry/exporter-trace-otlp-grpc@0.301.0`.';
  expect(output.split(cure)).toHaveLength(2);
});

it('answers and delivers while the collector is down, and logs it once', async () => {
  collector.close();
  const down = () => app.logLines.filter((line) => line.includes('The collector of traces'));
  const ada = new Person(app);
  await app.eventually(async () => {
    const { status } = await app.graphql('{ __typename }');
    expect(status).toBe(200);
    return down().length > 0;
  }, 15);
  await ada.signIn();
  expect(down()).toHaveLength(1);
}, 30_000);
