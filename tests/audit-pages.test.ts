import { beforeAll, expect, it } from 'vitest';
import { MAX_COUNTED } from '#src/audit/count-events.ts';
import { openMigrationOrm } from '#src/db/orm.ts';
import { AuditLogsDocument } from '../client/generated/graphql.ts';
import { useApp } from './support/app.ts';
import { costOf } from './support/costs.ts';
import { Person } from './support/flow.ts';

const app = useApp();
/** More rows than are counted. */
const ROWS = MAX_COUNTED + 45;
const START = Date.UTC(2020, 0, 1);
const email = 'crowd@example.com';
let token = '';

// A row per second, named by its number from the oldest on.
beforeAll(async () => {
  const admin = new Person(app);
  token = (await admin.signIn()).accessToken;
  await app.sql("update accounts set role = 'ADMIN' where email = ?", [admin.email]);
  const orm = await openMigrationOrm(app.runtime.config.databaseUrl);
  await orm.em.fork().execute(
    `insert into audit_events (id, event, email, ip_address, user_agent, metadata, created_at)
     select overlay(gen_random_uuid()::text placing left(hex, 8) || '-' || right(hex, 4) || '-7' from 1)::uuid,
       case when n < ? then 'OTP_FAILED' else 'LOGIN_FAILED' end, ?, '203.0.113.7', n::text, '{}',
       to_timestamp(ms / 1000.0)
     from generate_series(0, ?::int - 1) n, lateral (select ?::bigint + n * 1000::bigint as ms) moment,
       lateral (select lpad(to_hex(ms), 12, '0') as hex) time`,
    [MAX_COUNTED, email, ROWS, START],
  );
  await orm.em.fork().execute('vacuum analyze audit_events');
  await orm.close(true);
}, 60_000);

const list = async (variables: object) => {
  const { data, errors } = await app.run(
    AuditLogsDocument,
    { withTotalCount: true, filter: { email }, ...variables },
    { token },
  );
  expect(errors).toEqual([]);
  const { edges, ...rest } = data?.auditLogs ?? { edges: [] };
  return { ...rest, numbers: edges.map(({ node }) => Number(node.userAgent)) };
};

interface Page {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results?: readonly { readonly user_agent: string }[];
}

const get = async (address: string) => {
  const url = new URL(address, app.url);
  const { status, text } = await app.fetch(url.pathname + url.search, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { results = [], ...page } = JSON.parse(text) as Page;
  return { ...page, status, numbers: results.map(({ user_agent }) => Number(user_agent)) };
};

const page = (number: number | string, size = 50) =>
  get(`/api/v1/audit/logs?email=${email}&page_size=${size}&page=${number}`);

/** Rows from one number down. */
const down = (from: number, count: number) => Array.from({ length: count }, (_, i) => from - i);

it('counts up to 100,000 events, and tells whether there are more', async () => {
  const count = async (filter: object) => {
    const { totalCount, totalCountCapped } = await list({ first: 1, filter });
    return [totalCount, totalCountCapped];
  };
  expect(await count({ email })).toEqual([MAX_COUNTED, true]);
  expect(await count({})).toEqual([MAX_COUNTED, true]);
  expect(await count({ email, event: 'OTP_FAILED' })).toEqual([MAX_COUNTED, false]);
  expect(await count({ email, event: 'LOGIN_FAILED' })).toEqual([45, false]);
  expect(await count({ events: ['OTP_FAILED', 'LOGIN_FAILED'] })).toEqual([MAX_COUNTED, true]);
  expect((await page(1)).count).toBe(MAX_COUNTED);
});

it('counts the same events again only if their number has not reached the cap within a minute', async () => {
  const capped = { email, events: ['OTP_FAILED', 'LOGIN_FAILED'] };
  const exact = { email, event: 'OTP_FAILED' };
  const read = (filter: object) => list({ first: 1, filter });
  const statements = async (filter: object) => (await costOf(app, () => read(filter))).statements;
  const [account, page, count] = [1, 1, 1];
  expect(await statements(capped)).toBe(account + page + count);
  expect(await statements({ ...capped, email: email.toUpperCase() })).toBe(account + page);
  expect(await read(capped)).toMatchObject({ totalCount: MAX_COUNTED, totalCountCapped: true });
  expect(await statements({ ...capped, from: new Date(START) })).toBe(account + page + count);
  for (const _ of [1, 2]) expect(await statements(exact)).toBe(account + page + count);
  app.clock.advance({ seconds: 60 });
  expect(await statements(capped)).toBe(account + page + count);
});

it.each([0, 999, 1000, 1001, 30_000, 49_990, 50_010, 99_000, 99_999, 100_000, 100_020])(
  'reads the same events at offset %i as by cursor',
  async (offset) => {
    const newest = ROWS - 1 - offset;
    for (const [event, from] of [
      [undefined, newest],
      ['OTP_FAILED', MAX_COUNTED - 1 - offset],
    ] as const) {
      const filter = { email, event };
      const asked = await list({ first: 50, offset, filter });
      expect(asked.numbers).toEqual(down(from, Math.max(0, Math.min(50, from + 1))));
      expect(asked.pageInfo?.hasNextPage).toBe(from >= 50);
      if (from < 0) continue;
      // The event after an earlier page's last one.
      const to = new Date(START + from * 1000).toISOString();
      expect((await list({ first: 50, filter: { ...filter, to } })).numbers).toEqual(asked.numbers);
    }
  },
);

it('responds 404 after the last row, also past the highest count', async () => {
  const last = Math.ceil(ROWS / 50);
  expect((await page(2001)).numbers).toEqual(down(44, 45));
  expect(await page(last)).toMatchObject({ status: 200, next: null });
  expect((await page(2000)).next).toMatch(/page=2001/);
  expect((await page(last + 1)).status).toBe(404);
  expect((await page(40_000_000)).status).toBe(404);
});

it('reaches the last page from the far end, and every page from there', async () => {
  const last = await page('last');
  expect(last.numbers).toEqual(down(49, 50));
  expect(last).toMatchObject({ count: MAX_COUNTED, next: null });
  const before = await get(last.previous ?? '');
  expect(before.numbers).toEqual(down(99, 50));
  expect(before.previous).not.toBeNull();
  expect((await get(before.next ?? '')).numbers).toEqual(down(49, 50));
  expect(new URL(before.next ?? '').searchParams.get('email')).toBe(email);
  expect(new URL(before.next ?? '').searchParams.has('page')).toBe(false);
  // By number where the list is short enough.
  const short = await get(`/api/v1/audit/logs?email=${email}&event=LOGIN_FAILED&page=last`);
  expect([short.numbers.length, short.count, short.next]).toEqual([5, 45, null]);
  expect(short.previous).toMatch(/page=4/);
});

it('rejects a cursor that no link contains', async () => {
  const { status } = await get('/api/v1/audit/logs?after=broken');
  expect(status).toBe(400);
});

it("shows a user the events of the account, and the address's since it was verified", async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signUp();
  await app.eventually(async () => (await ada.events()).length === 3);
  const [account] = await app.sql<{ id: string; at: string }>(
    'select id, email_verified_at as at from accounts where email = ?',
    [ada.email],
  );
  const [other] = await app.sql<{ id: string }>('select id from accounts where email <> ?', [
    ada.email,
  ]);
  const verified = Date.parse(account?.at ?? '');
  const insert = (of: string | null, address: string, at: number, name: string) => {
    const hex = at.toString(16).padStart(12, '0');
    return app.sql(
      `insert into audit_events
         (id, account_id, event, email, ip_address, user_agent, metadata, created_at)
       select overlay(gen_random_uuid()::text placing ? from 1)::uuid, ?::uuid, 'LOGGED_OUT', ?,
         '127.0.0.1', ?, '{}', now()`,
      [`${hex.slice(0, 8)}-${hex.slice(8)}-7`, of, address, name],
    );
  };
  await insert(null, ada.email, verified + 1, 'of 0.2, since the verification');
  await insert(null, ada.email, verified - 1, 'of 0.2, before the verification');
  await insert(account?.id ?? '', 'former@example.com', verified + 2, 'of another address');
  await insert(account?.id ?? '', ada.email, verified - 365 * 86_400_000, 'before the account');
  await insert(other?.id ?? '', 'other@example.com', verified + 3, 'of another account');

  const logs = async (variables: object) => {
    const { data } = await ada.auditLogs(accessToken, { withTotalCount: true, ...variables });
    return data?.auditLogs;
  };
  const own = await logs({ filter: { event: 'LOGGED_OUT' } });
  expect(own?.edges.map(({ node }) => node.userAgent)).toEqual([
    'of another address',
    'of 0.2, since the verification',
  ]);
  expect(own?.totalCount).toBe(2);
  expect((await logs({}))?.totalCount).toBe(5);
  expect((await logs({ first: 2, offset: 1 }))?.edges).toHaveLength(2);
  const filtered = await logs({ filter: { email: 'former@example.com' } });
  expect(filtered?.totalCount).toBe(1);
});

it('counts the own events of a user, also after an administrator has counted those of the address', async () => {
  const owner = new Person(app, email);
  const { accessToken } = await owner.signUp();
  for (const filter of [{}, { email }]) {
    expect(await list({ first: 1, filter })).toMatchObject({ totalCountCapped: true });
    const { data } = await owner.auditLogs(accessToken, { withTotalCount: true, first: 1, filter });
    expect(data?.auditLogs).toMatchObject({ totalCountCapped: false });
    expect(data?.auditLogs?.totalCount).toBeLessThan(10);
  }
});
