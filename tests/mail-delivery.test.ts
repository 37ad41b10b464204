import { beforeEach, expect, it } from 'vitest';
import { newAddress, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { openWorker } from './worker/open-worker.ts';

const app = useApp();

const LATER = { code: 451, text: 'later' };

beforeEach(async () => {
  await app.sql('delete from outbox_entries');
  Object.assign(app.mails, {
    refuse: () => undefined,
    refuseSender: () => undefined,
    delay: () => undefined,
    cut: () => false,
    mostAtOnce: 0,
  });
  app.logLines.length = 0;
});

interface Entry {
  readonly id: string;
  readonly payload: string | null;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly last_error: string | null;
  /** Seconds until the next try. */
  readonly pause: number;
}

const mailEntries = () =>
  app.sql<Entry>(
    `select *, extract(epoch from due_at - now())::float8 as pause
     from outbox_entries where kind = 'mail' order by id`,
  );

/** The one mail there is, once it is as it shall be. */
const entryThat = (is: (entry: Entry) => boolean) =>
  app.eventually(async () => (await mailEntries()).find(is));

const failed = (attempts: number) =>
  entryThat((entry) => entry.attempts === attempts && entry.pause < 19);

/** Lets what waits be tried at once, after changes to it. */
async function tryAgain(changes = 'attempts = attempts'): Promise<void> {
  const waiting = await app.sql<{ id: string }>(
    `update outbox_entries set ${changes}, due_at = now() - interval '2 s'
     where done_at is null and kind = 'mail' returning id`,
  );
  for (const { id } of waiting) app.runtime.jobs.announce('mail', id);
}

/** Returns the log lines of an event. */
const logged = (event: string): Record<string, unknown>[] =>
  app.logLines.map((line) => JSON.parse(line)).filter((line) => line.event === event);

it('responds immediately while the mail server hangs, and sends when it recovers', async () => {
  const ada = new Person(app);
  const server = Promise.withResolvers<void>();
  app.mails.delay = () => server.promise;
  const began = Date.now();
  expect((await ada.requestOtp()).code).toBeUndefined();
  expect(Date.now() - began).toBeLessThan(1000);
  server.resolve();

  expect((await ada.verifyOtp(await ada.code())).code).toBeUndefined();
});

it('sends other codes within 3 s while mails to one domain hang, and at most 5 concurrently', async () => {
  const server = Promise.withResolvers<void>();
  app.mails.delay = (address) => (address.endsWith('@dead.example') ? server.promise : undefined);
  const flood = Array.from({ length: 40 }, (_, number) =>
    new Person(app, `person-${number}@dead.example`).requestOtp(),
  );
  await Promise.all(flood);
  const ada = new Person(app);
  const began = Date.now();
  await ada.requestOtp();
  await ada.code();

  expect(Date.now() - began).toBeLessThan(3000);
  await tryAgain();
  await app.eventually(() => app.mails.mostAtOnce >= 4);
  server.resolve();
  await tryAgain();
  await app.eventually(() => app.mails.received.length > 8);
  expect(app.mails.mostAtOnce).toBeLessThanOrEqual(5);
});

it('doubles the wait after each attempt, up to 15 s for codes', async () => {
  app.mails.refuse = () => LATER;
  await new Person(app).requestOtp();
  const pauses: number[] = [];
  for (const attempts of [1, 2, 3]) {
    pauses.push((await failed(attempts)).pause);
    await tryAgain();
  }
  await failed(4);
  await tryAgain('attempts = 20');
  pauses.push((await failed(21)).pause);

  for (const [index, usual] of [2, 4, 8, 15].entries()) {
    expect(pauses[index]).toBeGreaterThan(usual * 0.75 - 1);
    expect(pauses[index]).toBeLessThan(usual * 1.25);
  }
});

it('gives up a code when it expires, not before, and never sends it later', async () => {
  const ada = new Person(app);
  app.mails.refuse = () => LATER;
  await ada.requestOtp();
  await failed(1);
  await tryAgain('attempts = 100');
  await failed(101);
  await tryAgain('expires_at = now()');
  app.mails.refuse = () => undefined;
  const { id, payload, last_error } = await entryThat(({ outcome }) => outcome === 'GIVEN_UP');

  expect([payload, last_error]).toEqual([null, 'EENVELOPE 451']);
  expect(ada.mails()).toEqual([]);
  expect(logged('mail-given-up')).toMatchObject([
    { entry: id, mail: 'code', attempts: 101, error: 'EENVELOPE 451' },
  ]);
  expect(app.logLines.join('')).not.toContain(ada.email);
});

it('sends none of the codes that expired while no worker ran', async () => {
  const people = Array.from({ length: 250 }, () => newAddress());
  await app.sql(
    `insert into outbox_entries (id, kind, payload, created_at, due_at, expires_at)
     select gen_random_uuid(), 'mail', '', now(), now() - interval '1 h', now() - interval '55 min'
     from generate_series(1, ?)`,
    [people.length],
  );
  await app.eventually(async () =>
    (await mailEntries()).every(
      ({ outcome, attempts }) => outcome === 'GIVEN_UP' && attempts === 0,
    ),
  );
  expect(logged('mail-given-up')).toHaveLength(people.length);
});

it('aborts sending a code at its expiry, and closes the connection', async () => {
  const ada = new Person(app);
  app.mails.refuse = () => LATER;
  await ada.requestOtp();
  await failed(1);
  const server = Promise.withResolvers<void>();
  app.mails.refuse = () => undefined;
  app.mails.delay = () => server.promise;
  await tryAgain("expires_at = now() + interval '2 s'");
  const { last_error } = await entryThat(({ outcome }) => outcome === 'GIVEN_UP');
  server.resolve();
  const bob = new Person(app);
  await bob.requestOtp();
  await bob.code();

  expect(last_error).toBe('EABORT');
  expect(ada.mails()).toEqual([]);
});

it('sends a notice after three days of failures', async () => {
  const ada = new Person(app);
  await ada.signIn();
  await app.sql('delete from outbox_entries');
  app.mails.refuse = () => LATER;
  await ada.register();
  await failed(1);
  await tryAgain("attempts = 900, created_at = now() - interval '3 days'");
  const { pause } = await entryThat(({ attempts, pause: next }) => attempts === 901 && next > 61);
  expect(pause).toBeLessThan(155);
  app.mails.refuse = () => undefined;
  await tryAgain();
  await entryThat(({ outcome }) => outcome === 'DELIVERED');

  expect(ada.mails().at(-1)).toContain('You already have an account at localhost');
});

it('gives up a notice after four days, and keeps it for a manual retry', async () => {
  const ada = new Person(app);
  await ada.signIn();
  await app.sql('delete from outbox_entries');
  app.mails.refuse = () => LATER;
  await ada.register();
  await failed(1);
  await tryAgain("created_at = now() - interval '5 days'");
  const { id, payload } = await entryThat(({ outcome }) => outcome === 'GIVEN_UP');

  expect(payload).toMatch(/^eyJ/);
  expect(logged('mail-given-up')).toMatchObject([{ entry: id, mail: 'notice', attempts: 2 }]);
});

it('treats a rejected recipient or text as final, and deletes the code', async () => {
  app.mails.refuse = () => ({ code: 550, text: 'no such user' });
  await new Person(app).requestOtp();
  const refused = await entryThat(({ outcome }) => outcome !== null);

  expect(refused).toMatchObject({
    ...{ outcome: 'REFUSED', attempts: 1, payload: null, last_error: 'EENVELOPE 550' },
  });
  expect(logged('mail-refused')).toMatchObject([{ entry: refused.id }]);
});

/** Requests a code, waits for the end of its mail, and returns the answer and the mail's error. */
async function requestFrom(person: Person) {
  await app.sql('delete from outbox_entries');
  const { status, data } = await person.requestOtp();
  const { last_error } = await entryThat(({ outcome }) => outcome !== null);
  return { status, detail: data?.requestOtp.detail, last_error };
}

const refusalsOf = ({ email }: Person) =>
  app.runtime.redis.keys(app.runtime.addressKeys.refusals(email));

it('mails nothing for a day to a recipient who was refused twice, and answers the same', async () => {
  const ada = new Person(app);
  const asked: string[] = [];
  app.mails.refuse = (address) => {
    asked.push(address);
    return { code: 550, text: '5.1.1 no such user' };
  };
  const before = await app.readWorkerMetrics();
  const answers = [await requestFrom(ada), await requestFrom(ada), await requestFrom(ada)];

  const refused = { status: 200, detail: 'OTP sent', last_error: 'EENVELOPE 550' };
  expect(answers).toEqual([refused, refused, { ...refused, last_error: 'SUPPRESSED' }]);
  expect(asked).toEqual([ada.email, ada.email]);
  expect(logged('mail-suppressed')).toMatchObject([{ level: 40, error: 'SUPPRESSED' }]);
  expect(before).toContain('gatehouse_mails_total{outcome="SUPPRESSED"} 0');
  expect(await app.readWorkerMetrics()).toContain('gatehouse_mails_total{outcome="SUPPRESSED"} 1');
  const [key = ''] = await refusalsOf(ada);
  expect(key).toMatch(/^refusals:\{[\w-]{43}\}$/);
  expect(await app.runtime.redis.ttl(key)).toBeGreaterThan(86_000);
  expect(await app.runtime.redis.ttl(key)).toBeLessThanOrEqual(86_400);
  await app.runtime.redis.del(key);
  app.mails.refuse = () => undefined;
  expect((await requestFrom(ada)).last_error).toBeNull();
});

it('sends a suppressed notice when an operator retries it, and mails the recipient again', async () => {
  const ada = new Person(app);
  await ada.signIn();
  app.mails.refuse = () => ({ code: 550, text: 'no such user' });
  await requestFrom(ada);
  await requestFrom(ada);
  await app.sql('delete from outbox_entries');
  await ada.register();
  const { id } = await entryThat((entry) => entry.last_error === 'SUPPRESSED' && !!entry.payload);
  app.mails.refuse = () => undefined;
  const mails = ada.mails().length;
  await app.sql('update outbox_entries set done_at = null, outcome = null, due_at = now()');
  app.runtime.jobs.announce('mail', id);
  await entryThat(({ outcome }) => outcome === 'DELIVERED');

  expect(ada.mails()).toHaveLength(mails + 1);
  expect(await refusalsOf(ada)).toEqual([]);
  expect((await requestFrom(ada)).last_error).toBeNull();
});

it.each([
  ['policy', { code: 550, text: '5.7.1 blocked' }],
  ['a full mailbox', { code: 552, text: '5.2.2 over quota' }],
  ['the sender', { code: 550, text: '5.1.8 sender has no DNS entry' }],
  ['an unknown reason', { code: 554, text: 'rejected' }],
])('mails a recipient again after refusals because of %s', async (_why, reply) => {
  const ada = new Person(app);
  app.mails.refuse = () => reply;
  for (let i = 0; i < 3; i += 1) {
    expect((await requestFrom(ada)).last_error).toBe(`EENVELOPE ${reply.code}`);
  }
  expect(await refusalsOf(ada)).toEqual([]);
});

it('counts from the last delivery, and without Redis mails everybody', async () => {
  const ada = new Person(app);
  const unknown = { code: 550, text: '5.2.1 mailbox disabled' };
  for (const reply of [unknown, undefined, unknown, undefined]) {
    app.mails.refuse = () => reply;
    expect((await requestFrom(ada)).last_error).toBe(reply ? 'EENVELOPE 550' : null);
  }
  const worker = await openWorker(app);
  worker.redis.disconnect();
  const { refusedRecipients } = worker;
  await refusedRecipients.add(ada.email);
  await refusedRecipients.clear(ada.email);
  expect(await refusedRecipients.count(ada.email)).toBe(0);
});

it('retries if the mail server rejects the sender, which an operator can correct', async () => {
  const ada = new Person(app);
  app.mails.refuseSender = () => ({ code: 550, text: 'not you' });
  await ada.requestOtp();
  const { outcome, last_error } = await failed(1);
  app.mails.refuseSender = () => undefined;
  await tryAgain();

  expect([outcome, last_error]).toEqual([null, 'EENVELOPE 550']);
  expect(await ada.code()).toMatch(/^\d{6}$/);
});

it('sends the same code under the same Message-ID when a connection was cut after the text', async () => {
  const ada = new Person(app);
  let cuts = 0;
  app.mails.cut = () => ++cuts === 1;
  await ada.requestOtp();
  await failed(1);
  await tryAgain();
  await entryThat(({ outcome }) => outcome === 'DELIVERED');

  const copies = ada.mails().map((raw) => /^Message-ID: .+$/m.exec(raw)?.[0]);
  expect(copies).toHaveLength(2);
  expect(new Set(copies).size).toBe(1);
  expect(new Set(ada.codes()).size).toBe(1);
  expect((await ada.verifyOtp(await ada.code())).code).toBeUndefined();
});
