import { beforeAll, expect, it } from 'vitest';
import { type AuditPage, listAuditEvents } from '#src/audit/list-events.ts';
import type { Context } from '#src/context.ts';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();
let ada: Person;
let token: string;
let admin: Person;
let adminToken: string;

beforeAll(async () => {
  ada = new Person(app);
  token = (await ada.signUp()).accessToken;
  for (let i = 0; i < 5; i += 1) await ada.updateProfile(token, { firstName: `Ada ${i}` });
  admin = new Person(app);
  adminToken = (await admin.signIn()).accessToken;
  await app.sql("update accounts set role = 'ADMIN' where email = ?", [admin.email]);
  await app.eventually(async () => (await ada.events()).length === 8);
  await app.eventually(async () => (await admin.events()).length === 2);
});

const list = async (variables: object = {}, as = token) => {
  const { data, code } = await ada.auditLogs(as, variables);
  expect(code).toBeUndefined();
  const logs = data?.auditLogs;
  if (!logs) throw new Error('no answer');
  return { ...logs, nodes: logs.edges.map(({ node }) => node) };
};

it("shows a user's own events, newest first, with their client", async () => {
  const { nodes, totalCount, pageInfo } = await list();

  expect(nodes.map(({ event }) => event)).toEqual([
    ...Array(5).fill('PROFILE_UPDATED'),
    'OTP_VERIFIED',
    'OTP_REQUESTED',
    'REGISTERED',
  ]);
  expect(totalCount).toBe(8);
  expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  expect(nodes[0]).toMatchObject({
    email: ada.email,
    ipAddress: ada.from,
    metadata: { fields: ['firstName'] },
  });
  const times = nodes.map(({ createdAt }) => createdAt);
  expect(times).toEqual([...times].sort().reverse());
});

it('shows no user the events of others, whatever the filter', async () => {
  expect((await list({ filter: { email: admin.email } })).nodes).toEqual([]);
  const everything = await list({ first: 100 });
  expect(new Set(everything.nodes.map(({ email }) => email))).toEqual(new Set([ada.email]));
});

it('shows no events from before the account existed', async () => {
  const bob = new Person(app);
  await bob.login('some-lantern-70');
  await bob.signIn();
  const { accessToken } = await bob.signIn();
  await app.eventually(async () => (await bob.events()).length === 5);

  const events = (await list({}, accessToken)).nodes.map(({ event }) => event);
  expect(events).toEqual(['OTP_VERIFIED', 'OTP_REQUESTED', 'OTP_VERIFIED']);
});

it('shows all events to an ADMIN, and filters them', async () => {
  const all = await list({ first: 100 }, adminToken);
  expect(new Set(all.nodes.map(({ email }) => email)).size).toBeGreaterThan(1);
  const some = await list(
    { filter: { email: ada.email.toUpperCase(), event: 'otp_verified' } },
    adminToken,
  );
  expect(some.nodes.map(({ event, email }) => [event, email])).toEqual([
    ['OTP_VERIFIED', ada.email],
  ]);
  expect((await list({ filter: { event: 'NO_SUCH' } }, adminToken)).totalCount).toBe(0);
});

it('shows the events whose names are in a list', async () => {
  const events = ['REGISTERED', 'OTP_VERIFIED', 'OTP_VERIFIED', 'LOGGED_OUT'] as const;
  const some = await list({ filter: { events } });
  expect(some.nodes.map(({ event }) => event)).toEqual(['OTP_VERIFIED', 'REGISTERED']);
  expect(some.totalCount).toBe(2);
  const names = async (filter: object, page = {}) =>
    (await list({ filter, ...page })).nodes.map(({ event }) => event);
  const both = { events: ['PROFILE_UPDATED', 'REGISTERED'] };
  expect(await names(both, { first: 2, offset: 4 })).toEqual(['PROFILE_UPDATED', 'REGISTERED']);
  expect(await names(both, { last: 2 })).toEqual(['PROFILE_UPDATED', 'REGISTERED']);
  expect(await names({ event: 'registered', events })).toEqual(['REGISTERED']);
  expect(await names({ event: 'otp_requested', events })).toEqual([]);
  expect(await names({ events: null, event: 'registered' })).toEqual(['REGISTERED']);
  expect((await list({ filter: { events: [] } })).totalCount).toBe(0);
});

it('reads a plain date as midnight in UTC', async () => {
  const [newest] = (await list()).nodes;
  const today = newest?.createdAt.slice(0, 10) ?? '';
  const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
  const count = async (filter: object) => (await list({ filter })).totalCount;
  const whole = { from: `${today}T00:00:00Z`, to: `${tomorrow}T00:00:00Z` };
  expect(await count({ from: today, to: tomorrow })).toBe(await count(whole));
  expect(await count({ from: tomorrow })).toBe(await count({ from: `${tomorrow}T00:00:00Z` }));
  expect(await count({ from: today })).toBeGreaterThan(0);
});

it('pages forwards and backwards by cursors, without repeating an event', async () => {
  const whole = (await list()).nodes.map(({ id }) => id);
  const forwards: string[] = [];
  for (let after: string | null = null; ; ) {
    const { nodes, pageInfo } = await list({ first: 3, after });
    forwards.push(...nodes.map(({ id }) => id));
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    after = pageInfo.endCursor ?? null;
    if (!pageInfo.hasNextPage) break;
  }
  expect(forwards).toEqual(whole);

  const { nodes, pageInfo } = await list({ last: 3 });
  expect(nodes.map(({ id }) => id)).toEqual(whole.slice(-3));
  expect(pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
  const before = await list({ last: 3, before: pageInfo.startCursor });
  expect(before.nodes.map(({ id }) => id)).toEqual(whole.slice(-6, -3));
  expect(before.pageInfo.hasNextPage).toBe(true);
});

it('skips an offset, for lists with numbered pages', async () => {
  const whole = (await list()).nodes.map(({ id }) => id);
  const page = await list({ first: 2, offset: 4 });
  expect(page.nodes.map(({ id }) => id)).toEqual(whole.slice(4, 6));
  expect(page.totalCount).toBe(8);
  expect((await list({ first: 2, offset: 100 })).nodes).toEqual([]);
});

it('filters by a range of times, including both ends', async () => {
  const { nodes } = await list();
  const [newer, older] = [nodes[1], nodes[6]];
  const range = { from: older?.createdAt ?? '', to: newer?.createdAt ?? '' };
  const found = (await list({ filter: range })).nodes.map(({ id }) => id);
  expect(found).toContain(newer?.id);
  expect(found).toContain(older?.id);
  const outside = nodes.filter(({ createdAt }) => createdAt < range.from || createdAt > range.to);
  expect(found).toHaveLength(8 - outside.length);
  expect((await list({ filter: { from: '2999-01-01T00:00:00Z' } })).totalCount).toBe(0);
  expect((await list({ filter: { to: '1900-01-01T00:00:00Z' } })).totalCount).toBe(0);
});

it.each<[string, object, string]>([
  ['a broken cursor', { first: 3, after: 'broken' }, 'after'],
  ['a cursor of something else', { last: 3, before: 'bm8gaWQ' }, 'before'],
  ['first: 100000', { first: 100_000 }, 'first'],
  ['first: -1', { first: -1 }, 'first'],
  ['both first and last', { first: 3, last: 3 }, 'last'],
  ['an offset alone', { offset: 3 }, 'offset'],
  ['an offset with last', { last: 3, offset: 3 }, 'offset'],
  ['a NUL in a filter', { filter: { email: '\0' } }, 'filter.email'],
  ['a date that is none', { filter: { from: 'yesterday' } }, 'filter.from'],
  ['a day that no month has', { filter: { from: '2026-02-30' } }, 'filter.from'],
  ['a date without its offset', { filter: { from: '2026-11-22T10:00:00' } }, 'filter.from'],
])('rejects %s', async (_what, variables, field) => {
  const { errors, code } = await ada.auditLogs(token, variables);
  expect(code).toBe('BAD_USER_INPUT');
  expect(Object.keys(errors[0]?.extensions.fields ?? {})).toEqual([field]);
});

it('requires a token to list events', async () => {
  expect((await ada.auditLogs('', {})).code).toBe('UNAUTHENTICATED');
});

it('reads only the rows that it shows, with each filter, among 20,000 events', async () => {
  // In parts: a statement may take a second.
  for (const part of [0, 1, 2, 3]) {
    await app.sql(
      `insert into audit_events (id, event, email, ip_address, user_agent, metadata, created_at)
     select overlay(gen_random_uuid()::text placing left(hex, 8) || '-' || right(hex, 4) from 1)::uuid,
       (array['OTP_FAILED', 'OTP_VERIFIED', 'LOGIN_FAILED'])[1 + n % 3],
       'crowd-' || n % 50 || '@example.com', '127.0.0.1', '', '{}', to_timestamp(ms / 1000.0)
     from generate_series(?::int + 1, ?::int + 5000) n, lateral (select 1600000000000 + n as ms) moment,
       lateral (select lpad(to_hex(ms), 12, '0') as hex) time`,
      [part * 5000, part * 5000],
    );
  }
  await app.sql('analyze audit_events');
  const filters = [
    {},
    { email: 'crowd-7@example.com' },
    { event: 'OTP_FAILED' },
    { email: 'crowd-7@example.com', event: 'OTP_FAILED' },
    { event: 'OTP_FAILED', to: new Date(1_600_000_010_000) },
  ];
  for (const filter of filters) {
    expect([filter, await rowsRead(filter)]).toEqual([filter, 11]);
  }
  const events = ['OTP_FAILED', 'LOGIN_FAILED'];
  expect(await rowsRead({ events })).toBe(22);
  expect(await rowsRead({ events, email: 'crowd-7@example.com' })).toBe(22);
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Counts the rows that PostgreSQL reads from the table for one page of 10. */
async function rowsRead(filter: object): Promise<number> {
  let read = 0;
  const execute = async (sql: string, values: unknown[]) => {
    const [row] = await app.sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, format json) ${sql}`,
      values,
    );
    if (row) read = rowsOf(row['QUERY PLAN'][0].Plan);
    return [];
  };
  const ctx = { em: { execute }, clock: app.clock } as unknown as Context;
  const page: AuditPage = { size: 10, end: 'newest' };
  await listAuditEvents(ctx, 'ADMIN', filter, page);
  return read;
}

function rowsOf(plan: Plan): number {
  if (plan.Plans) return plan.Plans.reduce((sum, part) => sum + rowsOf(part), 0);
  return plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0);
}
