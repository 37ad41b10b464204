import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';
import { retentionEnd } from '#src/ports/retention-end.ts';
import { schedule } from '#worker/scheduled-jobs.ts';
import { useApp } from './support/app.ts';
import { newDatabase } from './support/database.ts';
import { eventId } from './support/sealed-log.ts';
import { goingOn, openWorker, workerAt } from './worker/open-worker.ts';

const app = useApp();
const DAY = 24 * 60 * 60 * 1000;

type Run = <Row>(statement: string, values?: unknown[]) => Promise<Row[]>;
const run: Run = (statement, values) => app.sql(statement, values);

beforeEach(async () => {
  await app.sql('delete from audit_events');
  app.logLines.length = 0;
});

const monthAt = (months: number, day = 1) => {
  const now = app.clock.now();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, day);
};

/** Inserts rows as release 0.2 does. */
const insert = (sql: Run, ...ids: string[]) =>
  sql(
    `insert into audit_events (id, event, email, ip_address, user_agent, metadata, created_at)
     select id, 'LOGGED_OUT', 'ada@example.com', '127.0.0.1', '', '{}', now()
     from unnest(?::uuid[]) id on conflict (id) do nothing`,
    [`{${ids.join(',')}}`],
  );

/** Returns the ids with the tables that they are in, oldest first. */
async function places(sql: Run = run): Promise<[id: string, table: string][]> {
  const rows = await sql<{ id: string; place: string }>(
    'select id, tableoid::regclass::text as place from audit_events order by id',
  );
  return rows.map(({ id, place }) => [id, place]);
}

const tables = async (sql: Run = run) =>
  (
    await sql<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
       where inhparent = 'audit_events'::regclass order by name`,
    )
  ).map(({ name }) => name);

const tableOf = (month: number) =>
  `audit_events_${new Date(month).toISOString().slice(0, 7).replace('-', '_')}`;

/** Runs the worker's job at this time, which PostgreSQL has too unless it is another. */
async function partition(at: number, auditRetentionDays = 0, ofPostgres = at): Promise<void> {
  const worker = workerAt(await openWorker(app), new Date(at), new Date(ofPostgres));
  const job = schedule.find(({ name }) => name === 'partition-audit-log');
  const config = { ...worker.config, auditRetentionDays };
  await job?.run({ ...worker, config }, goingOn);
}

it('converts a log of release 0.2 with its rows, and lets its workers write on', async () => {
  const database = newDatabase();
  await database.create({ empty: true });
  onTestFinished(() => database.drop());
  const orm = await openMigrationOrm(database.url);
  onTestFinished(() => orm.close(true));
  const sql: Run = (statement, values) => orm.em.fork().execute(statement, values);
  await orm.migrator.up({ to: 'Migration20261127140000_wrong_passwords' });
  const [past, now, ahead] = [
    eventId(Date.UTC(2026, 1, 3)),
    eventId(Date.now()),
    eventId(monthAt(2)),
  ];
  const random = 'd19a2b5e-5f41-4d86-9b02-e6714ac8d35f';
  await insert(sql, past, now, ahead, random);
  const list = () => sql('select * from audit_events order by id');
  const before = await list();

  await migrate(orm);
  expect(await places(sql)).toEqual([
    [past, 'audit_events_before'],
    [now, 'audit_events_before'],
    [ahead, tableOf(monthAt(2))],
    [random, 'audit_events_default'],
  ]);
  expect(await list()).toMatchObject(before);
  expect(await list()).toHaveLength(4);
  const next = eventId(Date.now(), 2);
  await insert(sql, past, next, ahead, random);
  expect((await places(sql)).map(([id]) => id)).toEqual([past, now, next, ahead, random]);
  const indexes = await sql<{ indexdef: string }>(
    "select indexdef from pg_indexes where tablename = 'audit_events_before'",
  );
  expect(indexes).toHaveLength(5);

  await orm.migrator.down({ to: 'Migration20261127140000_wrong_passwords' });
  expect(await list()).toHaveLength(5);
  expect(await tables(sql)).toEqual([]);
  await migrate(orm);
  expect(await list()).toHaveLength(5);
});

it('starts an empty log with a partition for this month and the next three', async () => {
  const months = [0, 1, 2, 3].map((index) => tableOf(monthAt(index)));
  expect(await tables()).toEqual([...months, 'audit_events_before', 'audit_events_default']);
});

it('creates partitions ahead, with the rows that came before them', async () => {
  const [first, second] = [eventId(monthAt(4)), eventId(monthAt(5) - 1)];
  const later = eventId(monthAt(5));
  await insert(run, first, second, later);
  expect(new Set((await places()).map(([, table]) => table))).toEqual(
    new Set(['audit_events_default']),
  );
  await Promise.allSettled([partition(monthAt(1, 15)), partition(monthAt(1, 15))]);
  expect(await places()).toEqual([
    [first, tableOf(monthAt(4))],
    [second, tableOf(monthAt(4))],
    [later, 'audit_events_default'],
  ]);
  await insert(run, first, later);
  expect(await places()).toHaveLength(3);
  await partition(monthAt(2, 15));
  expect((await places()).at(-1)).toEqual([later, tableOf(monthAt(5))]);
});

it('gives up on a table in use, without delaying its writers, and tries again later', async () => {
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('select from audit_events_default');
    await partition(monthAt(9));
  });
  expect(app.logLines.join('')).toContain('for example by a dump');
  expect(await tables()).not.toContain(tableOf(monthAt(9)));
  await partition(monthAt(9));
  expect(await tables()).toContain(tableOf(monthAt(9)));
});

it('gives each row 16 random bytes', async () => {
  await insert(run, ...Array.from({ length: 40 }, (_, index) => eventId(monthAt(0), index)));
  const rows = await app.sql<{ salt: string }>(
    "select encode(salt, 'hex') as salt from audit_events",
  );
  expect(new Set(rows.map(({ salt }) => salt)).size).toBe(40);
  expect(rows.every(({ salt }) => salt.length === 32)).toBe(true);
  // No digit is the same in all rows, as the version of a UUID would be.
  for (let digit = 0; digit < 32; digit += 1) {
    expect(new Set(rows.map(({ salt }) => salt[digit])).size).toBeGreaterThan(4);
  }
});

it('keeps all events by default, and drops months that are older than AUDIT_RETENTION_DAYS', async () => {
  const ids = [monthAt(-30), monthAt(0), monthAt(1) - 1, monthAt(1)].map((at) => eventId(at));
  await insert(run, ...ids);
  const stray = 'd19a2b5e-5f41-4d86-9b02-e6714ac8d35f';
  await insert(run, stray);
  await app.sql('update audit_events set created_at = ? where id = ?', [new Date(0), stray]);
  const kept = async () => (await places()).map(([id]) => id);

  await partition(monthAt(40));
  expect(await kept()).toEqual([...ids, stray]);
  await partition(monthAt(0, 20), 90);
  expect(await kept()).toEqual(ids.slice(1));
  await partition(monthAt(1) + 90 * DAY - 1, 90);
  expect(await kept()).toEqual(ids.slice(1));
  await partition(monthAt(1) + 90 * DAY, 90);
  expect(await kept()).toEqual(ids.slice(3));
  expect(await tables()).not.toContain(tableOf(monthAt(0)));
  await insert(run, ids[0] ?? '');
  expect(await places()).toContainEqual([ids[0], 'audit_events_default']);
});

it('drops nothing by a clock that is ahead: the earlier one of worker and PostgreSQL counts', async () => {
  const id = eventId(monthAt(0));
  await insert(run, id);
  const worker = await openWorker(app);
  const clock = { now: () => new Date(monthAt(0) + 800 * DAY) };
  const end = await retentionEnd({ ...worker, clock }, 30);
  expect(Math.abs(end.getTime() - (Date.now() - 30 * DAY))).toBeLessThan(60_000);
  const behind = { now: () => new Date(monthAt(-20)) };
  expect((await retentionEnd({ ...worker, clock: behind }, 0)).getTime()).toBe(monthAt(-20));
  await partition(monthAt(40), 90, Date.now());
  expect((await places()).map(([found]) => found)).toEqual([id]);
});
