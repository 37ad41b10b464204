import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';
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
  app = new TestApp({ ...urls, ...traceVariables(collector.url), TRUST_PROXY: '127.0.0.1' });
  await app.start();
}, 60_000);

afterAll(async () => {
  await app.stop();
  await stores.close();
  collector.close();
});

const SERVER = 2;

/** Returns the spans of the trace that a response's request started. */
async function traceOf(requestId: unknown, ...names: string[]): Promise<CollectedSpan[]> {
  return app.eventually(() => {
    const root = collector.spans.find(
      ({ kind, attributes }) =>
        kind === SERVER && String(attributes['http.response.header.x-request-id']) === requestId,
    );
    const trace = collector.spans.filter(({ traceId }) => traceId === root?.traceId);
    return names.every((name) => trace.some((span) => span.name === name)) && trace;
  });
}

/** Returns each span after its parent: `POST /graphql → mutation login`. */
const edgesOf = (trace: readonly CollectedSpan[]): string[] =>
  trace
    .map(({ name, parentSpanId }) => {
      const parent = trace.find(({ spanId }) => spanId === parentSpanId);
      return `${parent?.name ?? '-'} → ${name}`;
    })
    .sort();

it('records a request for a code, from HTTP over SQL and Redis to the mail server, in one trace', async () => {
  const { headers } = await new Person(app).requestOtp();
  const trace = await traceOf(headers['x-request-id'], 'complete-claims', 'process audit');
  expect(edgesOf(trace)).toEqual([
    '- → POST /graphql',
    'POST /graphql → mutation requestOtp',
    ...[
      'BEGIN',
      'COMMIT',
      'EVALSHA consumeWindow',
      'EVALSHA issueCode',
      'EVALSHA touchAddress',
    ].map((name) => `mutation requestOtp → ${name}`),
    ...['read-address', 'send outbox'].map((name) => `mutation requestOtp → ${name}`),
    ...['HMGET', 'SMTP send', 'complete-claims'].map((name) => `process mail → ${name}`),
    ...['insert-entries', 'process audit', 'process mail'].map((name) => `send outbox → ${name}`),
  ]);
  const [server] = trace.filter(({ kind }) => kind === SERVER);
  expect(server?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/graphql',
    'http.response.status_code': 200,
  });
});
