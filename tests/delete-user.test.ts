import { expect, it, onTestFinished, vi } from 'vitest';
import { schedule } from '#worker/scheduled-jobs.ts';
import {
  DeleteUserDocument,
  RevokeUserSessionsDocument,
  UnlockUserDocument,
} from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { newClient, useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { goingOn, openWorker, workerAt } from './worker/open-worker.ts';

const app = useApp();

async function runJobs(...names: string[]): Promise<void> {
  const worker = workerAt(await openWorker(app), app.clock.now());
  for (const name of names) await schedule.find((job) => job.name === name)?.run(worker, goingOn);
}

const deleteUser = async (admin: Administrator, { email }: Person) => {
  const id = await idOf(app, new Person(app, email));
  const answer = await admin.change(DeleteUserDocument, { id, email });
  expect(answer.data?.deleteUser).toEqual({ detail: 'User deleted' });
  return id;
};

it('deletes the user with all sessions; the address is free at once', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  const { accessToken, refreshToken } = await ada.signUp();
  const id = await idOf(app, ada);
  const wrong = await admin.change(DeleteUserDocument, { id, email: 'bob@example.com' });
  expect(wrong.errors[0]?.extensions.fields).toEqual({
    email: ['This is not the address of the user.'],
  });
  await deleteUser(admin, ada);
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  expect((await admin.user(id)).code).toBe('NOT_FOUND');
  expect((await ada.signUp()).user.id).not.toBe(id);
});

it('leaves nothing personal in any table but a pseudonym, and keeps the seals valid', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  // Before the account: events of the address alone.
  await ada.login('wrong password');
  await ada.signUp(undefined, { firstName: 'Augusta' });
  await app.auditWritten();
  await runJobs('seal-audit-log');
  // An event that is written after the deletion.
  await new Person(app, ada.email).login('wrong password');
  const id = await deleteUser(admin, ada);
  await app.auditWritten();
  app.clock.advance({ seconds: 90 });
  const successor = new Person(app, ada.email);
  await successor.signIn();
  await app.auditWritten();
  await runJobs('erase-deleted-accounts', 'seal-audit-log');
  await runJobs('erase-deleted-accounts');

  const rows = await app.sql<{ event: string; email: string; metadata: object }>(
    'select * from audit_events where account_id = ? order by id',
    [id],
  );
  expect(new Set(rows.map(({ email }) => email))).toEqual(new Set([`deleted-${id}`]));
  expect(rows.at(-1)).toMatchObject({
    event: 'USER_DELETED',
    metadata: { by: await idOf(app, admin) },
  });
  // The events of the successor stay.
  const events = (await ada.events()).map(({ event }) => event);
  expect(events).toEqual(['OTP_REQUESTED', 'OTP_VERIFIED']);
  expect((await command(app, 'audit', 'verify')).code).toBe(0);

  // The order to erase goes once no event from before can arrive.
  const order = 'select email from erasures where account_id = ?';
  expect(await app.sql(order, [id])).toEqual([{ email: ada.email }]);
  app.clock.advance({ seconds: 600 });
  await runJobs('erase-deleted-accounts');
  expect(await app.sql(order, [id])).toEqual([]);
});

/** A failure from an unknown client. */
const fail = ({ email }: Person) => new Person(app, email, newClient()).login('wrong password');

const countersOf = (emails: readonly string[]) =>
  app.sql(
    'select email, failures, events, clients from audit_counters where email in (?) order by 1',
    [emails],
  );

it('adds failures that are counted after an erasure to those of the pseudonym, without clients', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  await ada.signUp();
  const count = (events: object) =>
    app.sql('update audit_counters set events = ?, clients = ? where email = ?', [
      ...[JSON.stringify(events), '{"192.0.2.1/32": 3}', ada.email],
    ]);
  await fail(ada);
  await count({ LOGIN_FAILED: 2, OTP_FAILED: 1 });
  const id = await deleteUser(admin, ada);
  await runJobs('erase-deleted-accounts');
  await fail(ada);
  await count({ LOGIN_FAILED: 5 });
  await runJobs('erase-deleted-accounts');

  const email = `deleted-${id}`;
  const events = { LOGIN_FAILED: 7, OTP_FAILED: 1 };
  expect(await countersOf([ada.email, email])).toEqual([
    { email, failures: 2, events, clients: {} },
  ]);
  app.clock.advance({ seconds: 7200 });
  await runJobs('write-counted-failures');
  const select =
    "select ip_address, metadata from audit_events where email = ? and event = 'LOGIN_FAILED'";
  expect(await app.sql(select, [email])).toContainEqual({
    ip_address: '',
    metadata: { count: 8, events, clients: {} },
  });
});

it('erases accounts although the erasure of another one fails', async () => {
  const admin = await Administrator.create(app);
  const people = [new Person(app), new Person(app)] as const;
  for (const person of people) {
    await person.signUp();
    await fail(person);
    await deleteUser(admin, person);
  }
  const [stuck, next] = people;
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('select from audit_counters where email = ? for update', [stuck.email]);
    await expect(runJobs('erase-deleted-accounts')).rejects.toThrow(/timeout/);
  });
  const left = await countersOf(people.map(({ email }) => email));
  expect(left).toMatchObject([{ email: stuck.email }]);
  await runJobs('erase-deleted-accounts');
  expect(await countersOf([stuck.email, next.email])).toEqual([]);
});

it('needs the address and --yes on the command line', async () => {
  const ada = new Person(app);
  await ada.signIn();
  const unconfirmed = await command(app, 'users', `delete ${ada.email}`);
  expect([unconfirmed.code, unconfirmed.output]).toEqual([2, expect.stringContaining('--yes')]);
  const byId = await command(app, 'users', `delete ${await idOf(app, ada)} --yes`);
  expect([byId.code, byId.output]).toEqual([1, expect.stringContaining('User not found')]);
  const deleted = await command(app, 'users', `delete ${ada.email} --yes`);
  expect(deleted).toEqual({ code: 0, output: `Deleted ${ada.email}.\n` });
  expect((await command(app, 'users', `show ${ada.email}`)).code).toBe(1);
});

it('ends all sessions of a user', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  const tokens = [await ada.signIn(), await new Person(app, ada.email).signIn()];
  const id = await idOf(app, ada);
  const shown = await command(app, 'users', `sessions ${ada.email} --json`);
  const { data } = await admin.change(RevokeUserSessionsDocument, { id });
  expect(data?.revokeUserSessions.ids).toHaveLength(2);
  expect(JSON.parse(shown.output)).toHaveLength(2);
  for (const { accessToken } of tokens)
    expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  await app.auditWritten();
  const events = (await ada.events()).filter(({ event }) => event === 'SESSION_REVOKED');
  expect(events).toMatchObject(Array(2).fill({ metadata: { by: await idOf(app, admin) } }));
  const { output } = await command(app, 'users', `sessions ${id} --end`);
  expect(output).toBe('Ended 0 sessions.\n');
});

it('unlocks a user at every client, and keeps live codes', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  await ada.signUp();
  const challengeId = (await ada.requestOtp()).data?.requestOtp.challengeId;
  const otp = await ada.code(2);
  const eve = new Person(app, ada.email, newClient());
  for (const person of [ada, eve]) {
    for (let guess = 0; guess < 5; guess += 1) await person.login('wrong password');
    expect((await person.login()).code).toBe('LOCKED');
  }
  const id = await idOf(app, ada);
  expect((await admin.change(UnlockUserDocument, { id })).code).toBeUndefined();
  for (const person of [ada, eve]) expect((await person.login()).code).toBeUndefined();
  expect((await ada.verifyOtp(otp, challengeId)).code).toBeUndefined();
  await app.auditWritten();
  expect((await ada.events()).find(({ event }) => event === 'USER_UNLOCKED')).toMatchObject({
    metadata: { by: await idOf(app, admin) },
  });
});

it('records no unlocking that did not happen', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  await ada.signIn();
  const id = await idOf(app, ada);
  const clear = vi
    .spyOn(app.runtime.rateLimits, 'clear')
    .mockRejectedValue(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  onTestFinished(() => clear.mockRestore());
  expect((await admin.change(UnlockUserDocument, { id })).code).toBe('UNAVAILABLE');
  await app.auditWritten();
  expect((await ada.events()).map(({ event }) => event)).not.toContain('USER_UNLOCKED');
});
