import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it, vi } from 'vitest';
import { sweepOutbox } from '#worker/sweep-outbox.ts';
import { useApp } from '../support/app.ts';
import { openWorker } from './open-worker.ts';

const app = useApp();

beforeEach(async () => {
  await app.sql('truncate outbox_entries, audit_events');
  app.mails.delay = () => undefined;
  app.mails.mostAtOnce = 0;
});

/** Puts audit events that nobody announces. */
const putEvents = (count: number) =>
  app.sql(
    `insert into outbox_entries (id, kind, payload, created_at)
     select gen_random_uuid(), 'audit', ?, now() from generate_series(1, ?)`,
    [
      '{"event":"REGISTERED","email":"ada@example.com","ipAddress":"::1","userAgent":"","metadata":{}}',
      count,
    ],
  );

const written = async () => {
  const [row] = await app.sql<{ count: string }>('select count(*) from audit_events');
  return Number(row?.count);
};

/** Puts notices, to a domain each, that nobody announces. */
async function enqueueMails(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const id = randomUUID();
    const asked = { at: app.clock.now(), ip: '::1', userAgent: '' };
    const order = { about: 'PASSWORD_RESET', to: `ada@${number}.example`, asked };
    await app.sql(
      `insert into outbox_entries (id, kind, payload, created_at, due_at)
       values (?, 'mail', ?, now(), now() - interval '1 min')`,
      [id, app.runtime.sealer.seal(id, JSON.stringify(order))],
    );
  }
}

it('writes 3,000 unannounced events within 2 s, although all mails hang', async () => {
  const server = Promise.withResolvers<void>();
  app.mails.delay = () => server.promise;
  await enqueueMails(8);
  await app.eventually(() => app.mails.mostAtOnce === 5);
  await putEvents(3000);
  const began = Date.now();
  await app.eventually(async () => (await written()) === 3000);
  const took = Date.now() - began;
  server.resolve();

  expect(took).toBeLessThan(2000);
});

it('starts no mail after the worker is told to stop, and waits for running ones', async () => {
  const server = Promise.withResolvers<void>();
  app.mails.delay = () => server.promise;
  const stopping = new AbortController();
  let begun = 0;
  const mailer = {
    async send() {
      begun += 1;
      await server.promise;
    },
  };
  const worker = { ...(await openWorker(app)), mailer };
  await enqueueMails(12);
  let ended = false;
  const sweep = sweepOutbox(worker, stopping.signal).then(() => {
    ended = true;
  });
  await app.eventually(() => begun > 0);
  stopping.abort();
  const forks = vi.spyOn(worker.orm.em, 'fork');
  /** Waits until the sweep has looked at the audit log and at expired mails once more. */
  const anotherRound = async () => {
    forks.mockClear();
    await app.eventually(() => forks.mock.calls.length >= 2);
  };
  // One may have been taken just before.
  await anotherRound();
  const underWay = begun;
  await app.sql("update outbox_entries set due_at = now() - interval '1 min'");
  await anotherRound();
  await anotherRound();
  expect([begun - underWay, ended]).toEqual([0, false]);
  server.resolve();
  await sweep;

  expect(begun).toBe(underWay);
});
