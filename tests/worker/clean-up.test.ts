import { expect, it } from 'vitest';
import { schedule } from '#worker/scheduled-jobs.ts';
import { insertKey } from '../support/api-key.ts';
import { useApp } from '../support/app.ts';
import { PASSWORD, Person } from '../support/flow.ts';
import { insertTrustedDevice } from '../support/trusted-browser.ts';
import { goingOn, openWorker, workerAt } from './open-worker.ts';

const app = useApp();

const DAY = 24 * 60 * 60 * 1000;
/** Days; about a quarter of an hour. */
const MOMENT = 0.01;
const HOUR = 1 / 24;

/** Does an item of the schedule as it would be done in so many days. */
async function cleanUp(name: string, days = 0, signal = goingOn, ofPostgres = days): Promise<void> {
  const [at, there] = [days, ofPostgres].map(
    (ahead) => new Date(app.clock.now().getTime() + ahead * DAY),
  ) as [Date, Date];
  const item = schedule.find((each) => each.name === name);
  expect(item, name).toBeDefined();
  await item?.run(workerAt(await openWorker(app), at, there), signal);
}

async function count(from: string, values: unknown[] = []): Promise<number> {
  const [row] = await app.sql<{ count: string }>(`select count(*) from ${from}`, values);
  return Number(row?.count);
}

const sessionsOf = ({ email, from }: Person) =>
  count('sessions s join accounts a on a.id = s.account_id where email = ? and client = ?', [
    email,
    `${from}/32`,
  ]);
const accountsOf = ({ email }: Person) => count('accounts where email = ?', [email]);

it('keeps the names of the rows, so that an upgrade leaves no row behind', () => {
  expect(schedule.map(({ name }) => name).sort()).toEqual([
    'delete-delivered-webhook-messages',
    'delete-ended-sessions',
    'delete-expired-api-keys',
    'delete-expired-trusted-devices',
    'delete-failed-outbox-entries',
    'delete-failed-webhook-messages',
    'delete-handled-outbox-entries',
    'delete-old-email-changes',
    'delete-old-factor-changes',
    'delete-redeemed-challenges',
    'delete-retired-keys',
    'delete-unproven-accounts',
    'delete-webhooks',
    'erase-deleted-accounts',
    'mail-audit-checkpoint',
    'partition-audit-log',
    'rotate-signing-key',
    'seal-audit-log',
    'switch-off-webhooks',
    'witness-audit-log',
    'write-counted-failures',
  ]);
});

it('keeps a session for 30 days after its end, so that its client stays known', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  await ada.logout({ refreshToken });

  await cleanUp('delete-ended-sessions', 30 - MOMENT);
  expect(await sessionsOf(ada)).toBe(1);
  await cleanUp('delete-ended-sessions', 30 + MOMENT);
  expect(await sessionsOf(ada)).toBe(0);
  expect(await accountsOf(ada)).toBe(1);
});

it('counts the 30 days of an expired session from its expiry', async () => {
  const ada = new Person(app);
  await ada.signIn();

  await cleanUp('delete-ended-sessions', 14 + 30 - MOMENT);
  expect(await sessionsOf(ada)).toBe(1);
  await cleanUp('delete-ended-sessions', 14 + 30 + MOMENT);
  expect(await sessionsOf(ada)).toBe(0);
});

it('deletes an unverified account after 7 days and an hour, and shows nothing of it to a new one', async () => {
  const ada = new Person(app);
  await ada.register();
  await cleanUp('delete-unproven-accounts', 7 + HOUR - MOMENT);
  expect(await accountsOf(ada)).toBe(1);
  await cleanUp('delete-unproven-accounts', 7 + HOUR + MOMENT);
  expect(await accountsOf(ada)).toBe(0);
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');

  const { accessToken } = await ada.signIn();
  await app.eventually(async () => (await ada.events()).at(-1)?.event === 'OTP_VERIFIED');
  const log = await ada.auditLogs(accessToken);
  const seen = log.data?.auditLogs.edges.map(({ node }) => node.event);
  expect((await ada.events())[0]?.event).toBe('REGISTERED');
  expect(seen).toContain('OTP_VERIFIED');
  expect(seen).not.toContain('REGISTERED');
});

it('keeps an API key for 30 days after it expires', async () => {
  const id = await insertKey(app);
  await cleanUp('delete-expired-api-keys', 30 - MOMENT);
  expect(await count('api_keys where id = ?', [id])).toBe(1);
  await cleanUp('delete-expired-api-keys', 30 + MOMENT);
  expect(await count('api_keys where id = ?', [id])).toBe(0);
});

it('deletes a trusted device when it expires', async () => {
  const ada = new Person(app);
  await ada.signIn();
  const id = await insertTrustedDevice(app, ada, 30);
  await cleanUp('delete-expired-trusted-devices', 30 - MOMENT);
  expect(await count('trusted_devices where id = ?', [id])).toBe(1);
  await cleanUp('delete-expired-trusted-devices', 30 + MOMENT);
  expect(await count('trusted_devices where id = ?', [id])).toBe(0);
});

it('never deletes a verified account, however old', async () => {
  const ada = new Person(app);
  await ada.signIn();
  await cleanUp('delete-unproven-accounts', 3650);

  expect(await accountsOf(ada)).toBe(1);
});

it('skips an account that is being verified, without waiting', async () => {
  const ada = new Person(app);
  await ada.register();
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('select id from accounts where email = ? for update', [ada.email]);
    await cleanUp('delete-unproven-accounts', 8);
    await em.execute('update accounts set email_verified_at = now() where email = ?', [ada.email]);
  });
  await cleanUp('delete-unproven-accounts', 8);

  expect(await accountsOf(ada)).toBe(1);
});

it('signs in a user who verifies an account at the moment of its deletion', async () => {
  const people = Array.from({ length: 6 }, () => new Person(app));
  const attempts = await Promise.all(
    people.map(async (person) => {
      const { data } = await person.register();
      return { person, code: await person.code(), challengeId: data?.register.challengeId };
    }),
  );
  await app.sql("update accounts set created_at = created_at - interval '8 days'");
  const [answers] = await Promise.all([
    Promise.all(
      attempts.map(({ person, code, challengeId }) => person.verifyOtp(code, challengeId)),
    ),
    cleanUp('delete-unproven-accounts'),
    cleanUp('delete-unproven-accounts'),
  ]);

  for (const { data } of answers) {
    const me = await people[0]?.me(data?.verifyOtp.accessToken ?? '');
    expect(me?.data?.me).toEqual(data?.verifyOtp.user);
  }
});

it('keeps handled outbox entries for a day, and failed ones for 30 days', async () => {
  const [delivered, refused, givenUp] = [new Person(app), new Person(app), new Person(app)];
  await app.eventually(async () => (await count('outbox_entries where done_at is null')) === 0);
  await app.sql('delete from outbox_entries');
  app.mails.refuse = (address) => {
    if (address === refused.email) return { code: 550, text: 'no such user' };
    return address === givenUp.email ? { code: 451, text: 'later' } : undefined;
  };
  for (const person of [delivered, refused, givenUp]) await person.requestOtp();
  // At the last try that they get.
  await app.sql(
    `insert into outbox_entries (id, kind, payload, created_at, due_at, attempts)
     select gen_random_uuid(), kind, 'broken', now(), now() - interval '1 minute', 9
     from unnest('{audit,mail}'::text[]) kind`,
  );
  const outcomes = async () => {
    const rows = await app.sql<{ kind: string; outcome: string | null }>(
      'select distinct kind, outcome from outbox_entries order by kind, outcome',
    );
    return rows.map(({ kind, outcome }) => `${kind} ${outcome}`).join(', ');
  };
  const failed = 'audit POISONED, mail GIVEN_UP, mail POISONED, mail REFUSED';
  await app.eventually(async () => {
    await app.sql(
      'update outbox_entries set expires_at = now(), due_at = now() where attempts = 1',
    );
    return (await outcomes()) === `audit DELIVERED, ${failed.replace(',', ', mail DELIVERED,')}`;
  });
  app.mails.refuse = () => undefined;

  await cleanUp('delete-handled-outbox-entries', 1 - MOMENT);
  expect(await count('outbox_entries')).toBe(8);
  await cleanUp('delete-handled-outbox-entries', 1 + MOMENT);
  expect(await outcomes()).toBe(failed);
  await cleanUp('delete-handled-outbox-entries', 3650);
  await cleanUp('delete-failed-outbox-entries', 30 - MOMENT);
  expect(await count('outbox_entries')).toBe(4);
  await cleanUp('delete-failed-outbox-entries', 30 + MOMENT);
  // An audit event that could not be written is kept until somebody has looked at it.
  expect(await outcomes()).toBe('audit POISONED');
  await app.sql('delete from outbox_entries');
});

it('never deletes a waiting outbox entry', async () => {
  const ada = new Person(app);
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await ada.requestOtp();
  await app.eventually(() => count('outbox_entries where done_at is null and attempts = 1'));
  await cleanUp('delete-handled-outbox-entries', 3650);
  await cleanUp('delete-failed-outbox-entries', 3650);
  app.mails.refuse = () => undefined;
  await app.sql('update outbox_entries set due_at = now() where attempts = 1');

  expect(await ada.code()).toMatch(/^\d{6}$/);
});

it('keeps the record of a used code for a day', async () => {
  const ada = new Person(app);
  await ada.signIn();
  const marks = await count('redeemed_challenges');
  await cleanUp('delete-redeemed-challenges', 1 - MOMENT);
  expect(await count('redeemed_challenges')).toBe(marks);
  await cleanUp('delete-redeemed-challenges', 1 + MOMENT);
  expect(await count('redeemed_challenges')).toBe(0);
});

it('deletes in steps, and stops after a step on request', async () => {
  await app.sql(
    `insert into redeemed_challenges
     select 'old-' || i, now() - interval '2 days' from generate_series(1, 1100) i`,
  );
  const old = () => count("redeemed_challenges where id like 'old-%'");
  let asked = 0;
  const told = {
    get aborted() {
      return ++asked > 1;
    },
  } as AbortSignal;
  await cleanUp('delete-redeemed-challenges', 0, told);
  const left = await old();
  expect(left).toBeGreaterThan(500);
  expect(left).toBeLessThan(1100);

  await cleanUp('delete-redeemed-challenges');
  expect(await old()).toBe(0);
});

it('changes nothing by a clock that is ahead: the earlier one of worker and PostgreSQL counts', async () => {
  const [ada, bob] = [new Person(app), new Person(app)];
  await bob.register();
  const { refreshToken } = await ada.signIn();
  await ada.logout({ refreshToken });
  await app.auditWritten();
  const { email } = ada;
  await app.sql(
    `insert into erasures (account_id, email, requested_at)
     values (gen_random_uuid(), 'gone@example.com', now())`,
  );
  await app.sql(
    `insert into audit_counters (email, hour, failures, events, clients)
     values (?, date_trunc('hour', now()), 101, '{"OTP_FAILED": 1}', '{"192.0.2.1/32": 1}')`,
    [email],
  );
  const tables = ['accounts', 'sessions', 'audit_events', 'signing_keys', 'outbox_entries'];
  const places = [...tables, 'redeemed_challenges', 'erasures', 'audit_counters'];
  const countAll = () => Promise.all(places.map(async (table) => [table, await count(table)]));
  const before = await countAll();
  expect(before.filter(([, rows]) => rows === 0)).toEqual([]);
  // Those of the audit log write seals and partitions by any clock.
  const jobs = schedule.filter(({ name }) => !name.includes('audit'));
  for (const { name } of jobs) await cleanUp(name, 3650, goingOn, 0);
  expect(await countAll()).toEqual(before);
  await app.sql('delete from erasures');
  await cleanUp('write-counted-failures', 3 * HOUR);
  expect(await count('audit_counters where email = ?', [email])).toBe(0);
});

it('never deletes an audit event', async () => {
  const ada = new Person(app);
  await ada.register(PASSWORD);
  await app.eventually(async () => (await ada.events()).length === 2);
  const before = await count('audit_events');
  for (const name of [
    'delete-ended-sessions',
    'delete-unproven-accounts',
    'delete-old-email-changes',
    'delete-old-factor-changes',
    'delete-handled-outbox-entries',
    'delete-failed-outbox-entries',
    'delete-redeemed-challenges',
  ]) {
    await cleanUp(name, 3650);
  }

  expect(await accountsOf(ada)).toBe(0);
  expect(await count('audit_events')).toBe(before);
});
