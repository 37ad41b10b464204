import { beforeAll, expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { type AuditRow, ReplacedClient } from './replaced-client.ts';

const app = useApp();
const hour = 3_600_000;
const start = Date.UTC(2025, 2, 1);
const email = 'logged@example.com';
let ada: Person;
let caller: ReplacedClient;

async function signedIn(person: Person): Promise<ReplacedClient> {
  const client = new ReplacedClient(app.url);
  client.useToken((await person.signIn()).accessToken);
  return client;
}

// 65 rows, an hour apart, from midnight at the start of the 1st of March 2025.
beforeAll(async () => {
  await app.sql(
    `insert into audit_events (id, event, email, ip_address, user_agent, metadata, created_at)
     select overlay(gen_random_uuid()::text placing left(hex, 8) || '-' || right(hex, 4) || '-7' from 1)::uuid,
       (array['OTP_REQUESTED', 'OTP_VERIFIED'])[1 + n % 2], ?, '203.0.113.7', 'Browser/1.0',
       '{"n": 1}', to_timestamp(ms / 1000.0)
     from generate_series(0, 64) n, lateral (select ?::bigint + n * ? as ms) moment,
       lateral (select lpad(to_hex(ms), 12, '0') as hex) time`,
    [email, start, hour],
  );
  ada = new Person(app);
  caller = await signedIn(ada);
  await app.sql("update accounts set role = 'ADMIN' where email = ?", [ada.email]);
});

/** When the rows were made, in hours since the first. */
const hours = (rows: AuditRow[]) =>
  rows.map(({ created_at }) => (Date.parse(created_at) - start) / hour);

const down = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, i) => from - i);

it('shows users without the role ADMIN their own rows only', async () => {
  const bob = new Person(app);
  const client = await signedIn(bob);
  const { results } = await app.eventually(async () => {
    const page = await client.auditLogs();
    return page.count >= 1 && page;
  });
  expect(new Set(results.map((row) => row.email))).toEqual(new Set([bob.email]));
  expect((await client.auditLogs({ email })).count).toBe(0);
});

it('shows the newest rows first, ten per page', async () => {
  const page = await caller.auditLogs({ email });
  expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
  expect(page).toMatchObject({ count: 65, previous: null });
  expect(hours(page.results)).toEqual(down(64, 55));
  expect(Object.entries(page.results[0] ?? {})).toEqual([
    ['id', expect.any(String)],
    ['event', 'OTP_REQUESTED'],
    ['email', email],
    ['ip_address', '203.0.113.7'],
    ['user_agent', 'Browser/1.0'],
    ['metadata', { n: 1 }],
    ['created_at', '2025-03-03T16:00:00.000Z'],
  ]);
});

it('pages to the end by next and back by previous', async () => {
  const seen: number[] = [];
  let page = await caller.auditLogs({ page_size: 20, email, ordering: 'created_at' });
  for (; ; page = await caller.page(page.next)) {
    seen.push(...hours(page.results));
    if (page.next === null) break;
  }
  expect(seen).toEqual(down(64, 0));

  let steps = 0;
  for (; page.previous; steps += 1) page = await caller.page(page.previous);
  expect(steps).toBe(3);
  expect(hours(page.results)).toEqual(down(64, 45));
});

it('keeps all other parameters in its links, sorted by name', async () => {
  const query = {
    to_date: '2026-01-01 00:00:00',
    page_size: 20,
    ordering: 'created_at',
    event: 'otp_requested',
    email,
  };
  const url = `${app.url}/api/v1/audit/logs`;
  const before = 'email=logged%40example.com&event=otp_requested&ordering=created_at';
  const after = 'page_size=20&to_date=2026-01-01+00%3A00%3A00';
  const first = await caller.auditLogs(query);
  expect(first).toMatchObject({ next: `${url}?${before}&page=2&${after}`, previous: null });
  const second = await caller.auditLogs({ ...query, page: 2 });
  expect(second).toMatchObject({ next: null, previous: `${url}?${before}&${after}` });
});

it.each([
  ['1', 10, '2', null],
  ['2', 10, '3', null],
  ['3', 10, '4', '2'],
  ['7', 5, null, '6'],
  ['last', 5, null, '6'],
])('has a page %s', async (page, length, nextPage, previousPage) => {
  const { next, previous, results } = await caller.auditLogs({ email, page });
  const pageOf = (url: string | null) => url && new URL(url).searchParams.get('page');
  expect(results).toHaveLength(length);
  expect([pageOf(next), pageOf(previous)]).toEqual([nextPage, previousPage]);
});

it.each(['8', '0', '-1', 'two', '1.5', '99999999999999999999'])('has no page %s', async (page) => {
  await expect(caller.auditLogs({ email, page })).rejects.toMatchObject({
    status: 404,
    message: 'Invalid page.',
  });
});

it.each([
  ['25', 25],
  ['50', 50],
  ['51', 50],
  ['99999999999999999999', 50],
  ['0', 10],
  ['-5', 10],
  ['many', 10],
])('responds to page_size=%s with %i rows', async (page_size, length) => {
  expect((await caller.auditLogs({ email, page_size })).results).toHaveLength(length);
});

it('filters by address and by event, in any case', async () => {
  const { count, results } = await caller.auditLogs({
    email: 'Logged@EXAMPLE.com',
    event: 'otp_Verified',
  });
  expect(count).toBe(32);
  expect(new Set(results.map(({ event }) => event))).toEqual(new Set(['OTP_VERIFIED']));
});

it('ignores parameters that it does not know, and those without a value', async () => {
  const strange = { email, ordering: 'created_at', colour: 'red', event: '', from_date: '' };
  expect(hours((await caller.auditLogs(strange)).results)).toEqual(down(64, 55));
});

it('has one empty page for an unknown event', async () => {
  const page = await caller.auditLogs({ event: 'NO_SUCH_EVENT' });
  expect(page).toEqual({ count: 0, next: null, previous: null, results: [] });
});

it.each([
  '2025-03-02',
  '2025-03-02T00:00:00',
  '2025-03-02 00:00:00',
  '2025-03-02T00:00:00Z',
  '2025-03-02 00:00:00Z',
  '2025-03-02T00:00:00.000000Z',
  '2025-03-02T02:30:00+02:30',
  '2025-03-01 19:00:00-05:00',
])('reads %s as the first moment of the 2nd of March, UTC', async (date) => {
  const since = await caller.auditLogs({ email, from_date: date });
  const until = await caller.auditLogs({ email, to_date: date });
  expect({ since: since.count, until: until.count }).toEqual({ since: 41, until: 25 });
  const both = await caller.auditLogs({ email, from_date: date, to_date: date });
  expect(hours(both.results)).toEqual([24]);
});

it.each(['from_date', 'to_date'])('rejects an invalid %s', async (name) => {
  for (const date of ['yesterday', '2025-02-30', '2025-03-02T25:00:00']) {
    await expect(caller.auditLogs({ [name]: date })).rejects.toMatchObject({
      status: 400,
      body: { [name]: ['Enter a valid date/time.'] },
    });
  }
});

it('requires an access token, and accepts neither a refresh token nor garbage', async () => {
  const { refreshToken } = await new Person(app).signIn();
  for (const [token, message] of [
    [undefined, 'Authentication credentials were not provided.'],
    [
      refreshToken,
      'Given token not valid for any token type. Refresh the access token, or sign in again.',
    ],
    [
      'rubbish',
      'Given token not valid for any token type. Refresh the access token, or sign in again.',
    ],
  ] as const) {
    const other = new ReplacedClient(app.url);
    other.useToken(token);
    const error = await other.auditLogs().catch((reason) => reason);
    expect(error).toMatchObject({ status: 401, message });
    expect(error.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
  }
});
