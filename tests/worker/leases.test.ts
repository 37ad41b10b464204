import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Mail } from '#src/ports/mail-order.ts';
import type { WorkerContext } from '#worker/context.ts';
import { deliverMail } from '#worker/deliver-mail.ts';
import { useApp } from '../support/app.ts';
import { faultLasts } from '../support/fault-duration.ts';
import { Person } from '../support/flow.ts';
import { openWorker } from './open-worker.ts';

const app = useApp();

interface Entry {
  readonly id: string;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly last_error: string | null;
  readonly waits: boolean;
}

const entryOf = async (id: string) => {
  const [entry] = await app.sql<Entry>(
    'select *, due_at > now() as waits from outbox_entries where id = ?',
    [id],
  );
  return entry;
};

/** A mail that no worker of the application takes within a second, and any other at once. */
async function waitingMail(): Promise<string> {
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await new Person(app).requestOtp();
  const waiting = "kind = 'mail' and attempts = 1 and last_error is not null";
  const { id } = await app.eventually(async () => {
    const [entry] = await app.sql<Entry>(`select * from outbox_entries where ${waiting}`);
    return entry;
  });
  await leaseIsOver(id);
  return id;
}

const leaseIsOver = (id: string) =>
  app.sql('update outbox_entries set due_at = now() where id = ?', [id]);

/** A worker whose mails go where the test says. */
async function workerThat(send: (mail: Mail) => Promise<void>): Promise<WorkerContext> {
  return { ...(await openWorker(app)), mailer: { send } };
}

beforeEach(() => app.sql('delete from outbox_entries'));

it('skips a mail that another worker has claimed', async () => {
  const id = await waitingMail();
  const sent: string[] = [];
  const server = Promise.withResolvers<void>();
  const first = await workerThat(() => server.promise);
  const second = await workerThat(async ({ messageId }) => void sent.push(messageId));
  const delivery = deliverMail(first, id);
  await app.eventually(async () => (await entryOf(id))?.attempts === 2);
  await deliverMail(second, id);
  server.resolve();
  await delivery;

  expect(sent).toEqual([]);
  expect(await entryOf(id)).toMatchObject({ attempts: 2, outcome: 'DELIVERED' });
});

it.each([
  ['has sent', undefined],
  ['could not send', new Error('of ada@example.com')],
])(
  'ignores a frozen worker that %s a mail after another worker has claimed it',
  async (_what, failure) => {
    const id = await waitingMail();
    const server = Promise.withResolvers<void>();
    const frozen = await workerThat(() => server.promise);
    const other = await workerThat(() => Promise.reject(new Error('down')));
    const delivery = deliverMail(frozen, id);
    await app.eventually(async () => (await entryOf(id))?.attempts === 2);
    await leaseIsOver(id);
    await deliverMail(other, id);
    const before = await entryOf(id);
    if (failure) server.reject(failure);
    else server.resolve();
    await delivery;

    expect(before).toMatchObject({ attempts: 3, outcome: null, last_error: 'Error', waits: true });
    expect(await entryOf(id)).toEqual(before);
  },
);

/** Seconds until another worker may claim a mail. */
async function leaseOf(id: string): Promise<number> {
  const [entry] = await app.sql<{ lease: number }>(
    'select extract(epoch from due_at - now())::float8 as lease from outbox_entries where id = ?',
    [id],
  );
  return entry?.lease ?? 0;
}

/** Lets the time pass after which workers renew their leases. */
function startRenewals() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  return () => vi.advanceTimersByTime(5000);
}

it('renews the lease of a mail while it is being sent', async () => {
  const id = await waitingMail();
  const server = Promise.withResolvers<void>();
  const worker = await workerThat(() => server.promise);
  const renew = startRenewals();
  const delivery = deliverMail(worker, id);
  await app.eventually(async () => (await entryOf(id))?.attempts === 2);
  const first = await leaseOf(id);
  await app.sql("update outbox_entries set due_at = now() + interval '1 s' where id = ?", [id]);
  renew();
  await app.eventually(async () => (await leaseOf(id)) > 20);
  server.resolve();
  await delivery;

  expect(first).toBeGreaterThan(20);
  expect(first).toBeLessThanOrEqual(25);
  expect(await entryOf(id)).toMatchObject({ attempts: 2, outcome: 'DELIVERED' });
});

it('renews the leases of other mails while one of them is locked', async () => {
  const server = Promise.withResolvers<void>();
  const worker = await workerThat(() => server.promise);
  const renew = startRenewals();
  const claim = async () => {
    const id = await waitingMail();
    const delivery = deliverMail(worker, id);
    await app.eventually(async () => (await entryOf(id))?.attempts === 2);
    return { id, delivery };
  };
  const [locked, other] = [await claim(), await claim()];
  await app.sql("update outbox_entries set due_at = now() + interval '10 s'");
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('select * from outbox_entries where id = ? for update', [locked.id]);
    renew();
    await expect.poll(() => leaseOf(other.id), { timeout: 5000 }).toBeGreaterThan(20);
  });
  server.resolve();
  await Promise.all([locked.delivery, other.delivery]);
});

it('renews a lease for no longer than a mail may take', async () => {
  const id = await waitingMail();
  const server = Promise.withResolvers<void>();
  let renewals = 0;
  const worker: WorkerContext = {
    ...(await workerThat(() => server.promise)),
    async renewMail() {
      renewals += 1;
    },
  };
  const renew = startRenewals();
  const delivery = deliverMail(worker, id);
  await app.eventually(async () => (await entryOf(id))?.attempts === 2);
  for (let ticks = 0; ticks < 12; ticks += 1) renew();
  expect(renewals).toBe(45 / 5);
  server.resolve();
  await delivery;
});

it('renews no lost lease, and no lease after sending has failed', async () => {
  const id = await waitingMail();
  const server = Promise.withResolvers<void>();
  const worker = await workerThat(() => server.promise);
  const renewals: Promise<void>[] = [];
  const slow: WorkerContext = {
    ...worker,
    renewMail(claim) {
      // Arrives after the worker could have rescheduled the mail.
      const renewal = faultLasts(100).then(() => worker.renewMail(claim));
      renewals.push(renewal);
      return renewal;
    },
  };
  const other = await workerThat(() => Promise.reject(new Error('down')));
  const renew = startRenewals();
  const lost = deliverMail(slow, id);
  await app.eventually(async () => (await entryOf(id))?.attempts === 2);
  await leaseIsOver(id);
  await deliverMail(other, id);
  renew();
  await Promise.all(renewals);
  const afterLoss = await leaseOf(id);
  await leaseIsOver(id);
  const failed = deliverMail(slow, id);
  await app.eventually(async () => (await entryOf(id))?.attempts === 4);
  renew();
  server.reject(new Error('down'));
  await Promise.allSettled([lost, failed, ...renewals]);
  const afterFailure = await leaseOf(id);

  expect(renewals).toHaveLength(3);
  expect(afterLoss).toBeLessThan(8 * 1.25);
  expect(afterFailure).toBeLessThan(15 * 1.25);
});

it.each([
  ['marks a sent mail as sent', undefined, { outcome: 'DELIVERED' }],
  ['reschedules a failed mail', new Error('down'), { outcome: null, last_error: 'Error' }],
])('%s, even if PostgreSQL becomes unavailable at that moment', async (_what, failure, result) => {
  const id = await waitingMail();
  const sent: string[] = [];
  const sending = Promise.withResolvers<void>();
  const worker = await workerThat(async ({ messageId }) => {
    sent.push(messageId);
    await sending.promise;
  });
  const delivery = deliverMail(worker, id);
  await app.eventually(() => sent.length === 1);
  const end =
    "select pg_terminate_backend(pid) as ended from pg_stat_activity where query like 'update outbox_entries%'";
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('select * from outbox_entries where id = ? for update', [id]);
    if (failure) sending.reject(failure);
    else sending.resolve();
    const ended = async () => (await app.sql(`${end} and wait_event_type = 'Lock'`)).length > 0;
    await app.eventually(ended);
    await app.eventually(ended);
  });
  await delivery;

  expect(await entryOf(id)).toMatchObject({ attempts: 2, ...result });
  expect(await leaseOf(id)).toBeLessThan(failure ? 4 * 1.25 : 25);
  expect(sent).toHaveLength(1);
});
