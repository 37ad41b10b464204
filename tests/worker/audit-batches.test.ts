import { expect, it } from 'vitest';
import { webhookTypes } from '#src/webhooks/webhook-types.ts';
import { createAuditWriter } from '#worker/write-audit.ts';
import { newAddress, useApp } from '../support/app.ts';
import { openWorker } from './open-worker.ts';

const app = useApp();

/** Inserts entries of an address, which nobody announces. @returns their ids */
async function put(email: string, count: number, userAgent = ''): Promise<string[]> {
  const event = { event: 'LOGGED_OUT', email, ipAddress: '::1', userAgent, metadata: {} };
  const rows = await app.sql<{ id: string }>(
    `insert into outbox_entries (id, kind, payload, created_at)
     select gen_random_uuid(), 'audit', ?, now() from generate_series(1, ?) returning id`,
    [JSON.stringify(event), count],
  );
  return rows.map(({ id }) => id).sort();
}

const idsOf = async (email: string) => {
  const rows = await app.sql<{ id: string }>(
    'select id from audit_events where email = ? order by id',
    [email],
  );
  return rows.map(({ id }) => id);
};

it('writes each event once, whatever several workers and repeated jobs do', async () => {
  const email = newAddress();
  const workers = await Promise.all([openWorker(app), openWorker(app)]);
  const writers = workers.map(createAuditWriter);
  const put1 = await put(email, 1500);
  const first = writers.flatMap((write) => [write(), write(), write()]);
  const put2 = await put(email, 1500);
  await Promise.all([...first, ...writers.map((write) => write())]);
  await Promise.all(writers.map((write) => write()));

  expect(await idsOf(email)).toEqual([...put1, ...put2].sort());
  // The entry of a row that exists is completed without a second row.
  await app.sql(
    `update outbox_entries set done_at = null, outcome = null, payload = ? where id = ?`,
    [
      JSON.stringify({ event: 'LOGGED_OUT', email, ipAddress: '', userAgent: '', metadata: {} }),
      put1[0],
    ],
  );
  await writers[0]?.();
  expect(await idsOf(email)).toHaveLength(3000);
  const [waiting] = await app.sql<{ count: string }>(
    'select count(*) from outbox_entries where done_at is null',
  );
  expect(waiting?.count).toBe('0');
});

it('writes by one statement what many jobs announce', async () => {
  const email = newAddress();
  const worker = await openWorker(app);
  const statements: string[] = [];
  const { orm } = worker;
  const em = orm.em.fork();
  const execute = em.execute.bind(em);
  em.execute = ((sql: string, ...rest: []) => {
    statements.push(sql);
    return execute(sql, ...rest);
  }) as typeof em.execute;
  const write = createAuditWriter({ ...worker, orm: { em: { fork: () => em } } } as never);
  const ids = await put(email, 200);
  await Promise.all(ids.map(() => write()));

  expect(await idsOf(email)).toEqual(ids);
  expect(statements).toHaveLength(1);
});

it('writes all events of a batch but those that cannot be written', async () => {
  const email = newAddress();
  const good = await put(email, 500);
  const broken = await put(email, 3, 'a'.repeat(513));
  const more = await put(email, 500);
  const write = createAuditWriter(await openWorker(app));
  await write();

  expect(await idsOf(email)).toEqual([...good, ...more].sort());
  const left = await app.sql('select id from outbox_entries where done_at is null order by id');
  expect(left).toEqual(broken.map((id) => ({ id })));
});

it('writes an event that is announced while another batch is being written', async () => {
  const email = newAddress();
  const write = createAuditWriter(await openWorker(app));
  const expected: string[] = [];
  const jobs: Promise<void>[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    expected.push(...(await put(email, 2)));
    const job = write();
    const known = expected.length;
    jobs.push(
      job.then(async () => {
        expect((await idsOf(email)).length).toBeGreaterThanOrEqual(known);
      }),
    );
  }
  await Promise.all(jobs);
  expect(await idsOf(email)).toEqual(expected.sort());
});

it('writes few events by one statement if many webhooks want them, so that none exceeds its time', async () => {
  const email = newAddress();
  await app.sql(
    `insert into webhooks (id, url, description, events, sealed_secret, created_at)
     select gen_random_uuid(), 'https://example.com/', 'many', ?, '', now()
     from generate_series(1, 50)`,
    [`{${webhookTypes.join(',')}}`],
  );
  const ids = await put(email, 120);
  await createAuditWriter(await openWorker(app))();
  expect(await idsOf(email)).toEqual(ids);
  // Rows of one statement have the time of its transaction.
  const statements = await app.sql<{ count: string }>(
    'select count(*) from webhook_deliveries where event_id = any(?::uuid[]) group by created_at',
    [`{${ids.join(',')}}`],
  );
  const counts = statements.map(({ count }) => Number(count));
  // `session.ended` and `audit.LOGGED_OUT`.
  expect(counts.reduce((sum, each) => sum + each, 0)).toBe(120 * 50 * 2);
  expect(Math.max(...counts)).toBeLessThanOrEqual(2000);
  await app.sql('delete from webhook_deliveries');
  await app.sql('delete from webhooks');
});
