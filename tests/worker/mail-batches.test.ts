import { expect, it } from 'vitest';
import type { Statement } from '#src/ports/sql.ts';
import { createWorkerContext } from '#worker/context.ts';
import { deliverMail } from '#worker/deliver-mail.ts';
import { openRenderer } from '#worker/open-renderer.ts';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { openWorker } from './open-worker.ts';

const app = useApp();

const waiting = (condition: string) =>
  app.sql<{ id: string }>(
    `select id from outbox_entries where kind = 'mail' and done_at is null and ${condition}`,
  );

/** Mails that are due, and that the worker of the application does not take within a second. */
async function waitingMails(count: number): Promise<string[]> {
  await app.sql('delete from outbox_entries');
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await Promise.all(Array.from({ length: count }, () => new Person(app).requestOtp()));
  const entries = await app.eventually(async () => {
    const refused = await waiting('attempts = 1 and last_error is not null');
    return refused.length === count && refused;
  });
  await app.sql('update outbox_entries set due_at = now()');
  return entries.map(({ id }) => id);
}

/** A worker whose mails are sent when the test says so. */
async function gatedWorker() {
  const stores = await openWorker(app);
  const statements: string[] = [];
  const sent: string[] = [];
  const gate = Promise.withResolvers<void>();
  const sql: typeof stores.sql = {
    ...stores.sql,
    query<Row>(statement: Statement<Row>, values?: readonly unknown[]) {
      statements.push(statement.name);
      return stores.sql.query(statement, values);
    },
  };
  const send = async ({ messageId }: { readonly messageId: string }) => {
    sent.push(messageId.slice(1).split('@')[0] ?? '');
    await gate.promise;
  };
  return {
    worker: createWorkerContext({ ...stores, sql }, { send }, openRenderer(stores.config)),
    statements,
    sent,
    gate,
  };
}

it('claims by one statement the mails of jobs that come together, and completes them by one', async () => {
  const ids = await waitingMails(8);
  const { worker, statements, sent, gate } = await gatedWorker();
  const deliveries = ids.map((id) => deliverMail(worker, id));
  await app.eventually(() => sent.length === ids.length);
  gate.resolve();
  await Promise.all(deliveries);

  expect(sent.toSorted()).toEqual(ids.toSorted());
  expect(statements).toEqual(['claim-due', 'complete-claims']);
  expect(await waiting('true')).toEqual([]);
});

it('sends a mail once, even if several jobs of several workers name it', async () => {
  const [id = ''] = await waitingMails(1);
  const workers = await Promise.all([gatedWorker(), gatedWorker()]);
  for (const { gate } of workers) gate.resolve();
  const jobs = workers.flatMap(({ worker }) => [worker, worker, worker]);
  await Promise.all(jobs.map((worker) => deliverMail(worker, id)));

  expect(workers.flatMap(({ sent }) => sent)).toEqual([id]);
});

it('completes the mails of a batch while one of them is locked, and that one afterwards', async () => {
  const ids = await waitingMails(3);
  const { worker, sent, gate } = await gatedWorker();
  const deliveries = ids.map((id) => deliverMail(worker, id));
  await app.eventually(() => sent.length === ids.length);
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('select * from outbox_entries where id = ? for update', [ids[1]]);
    gate.resolve();
    await app.eventually(async () => (await waiting('true')).length === 1);
  });
  await Promise.all(deliveries);

  expect(await waiting('true')).toEqual([]);
  expect(sent).toHaveLength(3);
});
