import { expect, it } from 'vitest';
import { schedule } from '#worker/scheduled-jobs.ts';
import {
  CreateUserDocument,
  SetUserMetadataDocument,
  SetUserRoleDocument,
} from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { goingOn, openWorker } from './worker/open-worker.ts';

const app = useApp();

async function invited() {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  const names = { firstName: 'Ada', lastName: 'Lovelace' };
  const input = { email: ada.email.toUpperCase(), ...names, metadata: { plan: 'team' } };
  const { data } = await admin.change(CreateUserDocument, input);
  return { admin, ada, user: data?.createUser };
}

it('creates a user whose first code verifies the address', async () => {
  const { admin, ada, user } = await invited();
  expect(user).toMatchObject({
    email: ada.email,
    firstName: 'Ada',
    role: 'USER',
    status: 'UNVERIFIED',
    metadata: { plan: 'team' },
  });
  await app.mailsDelivered();
  expect(ada.mails()).toEqual([]);
  const { user: signedIn } = await ada.signIn();
  expect(signedIn).toMatchObject({ id: user?.id, firstName: 'Ada', emailVerified: true });
  expect((await admin.user(String(user?.id))).data?.user?.status).toBe('ACTIVE');
  await app.auditWritten();
  const [event] = await ada.events();
  expect(event).toMatchObject({
    event: 'USER_CREATED',
    metadata: { role: 'USER', by: await idOf(app, admin) },
  });
});

it('reserves the address: nobody can register it, and no job deletes the user', async () => {
  const { ada, user } = await invited();
  const eve = new Person(app, ada.email);
  const { data } = await eve.register('walnut-harbour-19', { firstName: 'Eve' });
  await app.mailsDelivered();
  // The owner gets a notice without a code.
  expect([ada.mails().length, ada.codes()]).toEqual([1, []]);
  expect((await eve.verifyOtp('000000', data?.register.challengeId)).code).toBe('INVALID_OTP');
  expect((await eve.login('walnut-harbour-19')).code).toBe('INVALID_CREDENTIALS');

  app.clock.advance({ seconds: 9 * 86_400 });
  const worker = await openWorker(app);
  const job = schedule.find(({ name }) => name === 'delete-unproven-accounts');
  await job?.run(worker, goingOn);
  const { user: signedIn } = await ada.signIn();
  expect(signedIn).toMatchObject({ id: user?.id, firstName: 'Ada', hasPassword: false });
});

it('rejects taken addresses and invalid input', async () => {
  const { admin, ada } = await invited();
  const fieldsOf = async (input: object) =>
    (await admin.change(CreateUserDocument, input)).errors[0]?.extensions.fields;
  expect(await fieldsOf({ email: ada.email })).toEqual({
    email: ['A user has this address, or gave it up in the last 7 days.'],
  });
  expect(await fieldsOf({ email: 'ada' })).toEqual({ email: ['Enter a valid email address.'] });
  const metadata = ['Must be a JSON object of at most 4,096 bytes.'];
  for (const given of [
    [],
    'x',
    1,
    { a: 'ä'.repeat(2045) },
    { a: '\0' },
    { a: '\ud800' },
    { '\0': 1 },
  ]) {
    expect(await fieldsOf({ email: 'new@example.com', metadata: given })).toEqual({ metadata });
  }
});

it('stores metadata as given, up to 4 kB', async () => {
  const { admin, ada, user } = await invited();
  const id = String(user?.id);
  for (const metadata of [
    {},
    { a: [1, { b: null }], '"\\ä🔒': '\\u0000' },
    { a: 'ä'.repeat(2044) },
  ]) {
    const { data } = await admin.change(SetUserMetadataDocument, { id, metadata });
    expect(data?.setUserMetadata.metadata).toEqual(metadata);
    expect((await admin.user(id)).data?.user?.metadata).toEqual(metadata);
  }
  await app.auditWritten();
  const event = (await ada.events()).at(-1);
  expect(event).toMatchObject({ event: 'PROFILE_UPDATED', metadata: { fields: ['metadata'] } });
});

it('changes roles from the next request on, and keeps one administrator', async () => {
  const { admin, ada, user } = await invited();
  await app.sql("update accounts set role = 'USER' where email <> ?", [admin.email]);
  const { accessToken: token } = await ada.signIn();
  const [id, adminId] = [String(user?.id), await idOf(app, admin)];
  const second = Object.assign(new Administrator(app, ada.email, ada.from), { token });
  expect((await second.users()).code).toBe('FORBIDDEN');
  await admin.change(SetUserRoleDocument, { id, role: 'ADMIN' });
  expect((await second.users()).code).toBeUndefined();
  // Each demotes the other at once.
  const answers = await Promise.all([
    admin.change(SetUserRoleDocument, { id, role: 'USER' }),
    second.change(SetUserRoleDocument, { id: adminId, role: 'USER' }),
    admin.change(SetUserRoleDocument, { id: adminId, role: 'USER' }),
    second.change(SetUserRoleDocument, { id, role: 'USER' }),
  ]);
  expect(answers.some(({ code }) => code !== undefined)).toBe(true);
  const left = await app.sql("select 1 from accounts where role = 'ADMIN'");
  expect(left).toHaveLength(1);
  await app.auditWritten();
  expect((await ada.events()).find(({ event }) => event === 'ROLE_CHANGED')).toMatchObject({
    metadata: { from: 'USER', to: 'ADMIN', by: adminId },
  });
});

it('works on the command line', async () => {
  const ada = new Person(app);
  const words = `create ${ada.email} --first-name Ada --role ADMIN --metadata {"a":1} --json`;
  const { code, output } = await command(app, 'users', words);
  expect([code, JSON.parse(output)]).toEqual([
    0,
    expect.objectContaining({ firstName: 'Ada', role: 'ADMIN', metadata: { a: 1 } }),
  ]);
  const again = await command(app, 'users', `create ${ada.email}`);
  expect([again.code, again.output]).toEqual([
    1,
    'The input is invalid\nA user has this address, or gave it up in the last 7 days.\n',
  ]);
  const invalid = await command(app, 'users', 'create ada --metadata x');
  expect([invalid.code, invalid.output]).toEqual([
    2,
    'email: Enter a valid email address.\nmetadata: Must be a JSON object of at most 4,096 bytes.\n',
  ]);
  const demoted = await command(app, 'users', `role ${ada.email} USER`);
  expect([demoted.code, demoted.output]).toEqual([0, expect.stringMatching(/^role +USER$/m)]);
  expect((await command(app, 'users', `role ${ada.email} KING`)).code).toBe(2);
});
