import { expect, it } from 'vitest';
import { transports } from './equivalence/either-transport.ts';
import { Mover, newPerson, stepUpAll, undoSecretsOf } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { newAddress, newClient, useApp } from './support/app.ts';
import { PASSWORD, Person, wrongCode } from './support/flow.ts';

const DAY = 86_400;
const app = useApp({ LIMIT_CHANGE_EMAIL: '1000/60' });

const subjects = (person: Person) =>
  person.mails().map((raw) => /^Subject: (.*)\r?$/m.exec(raw)?.[1] ?? '');

it.each(transports)('changes the address and notifies the old one: %s', async (way) => {
  const ada = await Mover.create(app, way);
  const id = await idOf(app, ada);
  const next = newPerson(app);
  await app.sql('update sessions set stepped_up_at = null');
  expect((await ada.request(next.email)).code).toBe('STEP_UP_REQUIRED');
  expect(undoSecretsOf(ada)).toEqual([]);

  await stepUpAll(app);
  const { confirmation } = await ada.request(next.email);
  expect((await ada.account())?.email).toBe(ada.email);
  expect(await ada.confirm(confirmation)).toBeUndefined();
  expect(await ada.account()).toMatchObject({ id, email: next.email, emailVerified: true });
  // The password and the sessions stay.
  expect((await new Person(app, next.email, newClient()).login()).code).toBeUndefined();
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  expect((await next.signIn()).user.id).toBe(id);

  await app.mailsDelivered();
  expect(subjects(ada).slice(-2)).toEqual([
    'Did you ask to change your localhost address?',
    'Your localhost address was changed',
  ]);
  expect(undoSecretsOf(ada)).toHaveLength(2);
  await app.auditWritten();
  const events = await app.sql(
    "select event, email, metadata from audit_events where account_id = ? and event like 'EMAIL%' order by id",
    [id],
  );
  expect(events).toMatchObject([
    { event: 'EMAIL_CHANGE_REQUESTED', email: ada.email, metadata: { to: next.email } },
    {
      event: 'EMAIL_CHANGED',
      email: next.email,
      metadata: { from: ada.email, to: next.email, sessionId: expect.any(String) },
    },
  ]);
});

it.each(transports)(
  'restores the old address, ends all sessions and removes the password: %s',
  async (way) => {
    const ada = await Mover.create(app, way);
    const id = await idOf(app, ada);
    const thief = ada.thief();
    const other = newAddress();
    expect(await thief.move(thief.email)).toBeUndefined();
    const secrets = [() => undoSecretsOf(ada)[0], () => undoSecretsOf(ada)[1]];
    await app.mailsDelivered();
    // The thief goes on: to a third address, and with a new session and password.
    expect(await thief.move(other)).toBeUndefined();
    const { accessToken } = await new Person(app, other, thief.from).signIn();
    const secret = secrets[way === 'REST' ? 1 : 0]?.();
    expect(await newPerson(app).undo(secret)).toBeUndefined();
    for (const token of [ada.token, accessToken]) {
      expect((await ada.me(token)).code).toBe('UNAUTHENTICATED');
    }
    // No secret that the thief got works, and the address works once.
    await app.mailsDelivered();
    for (const each of [secret, 'x'.repeat(43), ...undoSecretsOf(thief)]) {
      expect(await thief.undo(each)).toBe('INVALID_OTP');
    }
    expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
    expect((await ada.signIn()).user).toMatchObject({ id, hasPassword: false });
    for (const address of [thief.email, other]) {
      expect((await new Person(app, address).signIn()).user.id).not.toBe(id);
    }
    expect(subjects(ada)).toContain('The change of your localhost address was undone');
    await app.auditWritten();
    const [event] = await app.sql<{ metadata: object }>(
      "select metadata from audit_events where account_id = ? and event = 'EMAIL_CHANGE_UNDONE'",
      [id],
    );
    expect(event?.metadata).toEqual({ from: other, to: ada.email });
  },
);

it('keeps the old address reserved for 7 days, and then gives up', async () => {
  const ada = await Mover.create(app);
  const id = await idOf(app, ada);
  expect(await ada.move(newAddress())).toBeUndefined();
  await app.mailsDelivered();
  const admin = await Administrator.create(app);
  const eve = await Mover.create(app);
  const tries = async () => {
    const register = await ada.register();
    const codes = ada.codes().length;
    const { data } = await ada.requestOtp();
    const entered = await ada.verifyOtp('000000', data?.requestOtp.challengeId);
    await app.mailsDelivered();
    const { data: created } = await admin.change(
      (await import('../client/generated/graphql.ts')).CreateUserDocument,
      { email: ada.email },
    );
    return {
      answers: [register.code, entered.code, await eve.move(ada.email)],
      mailed: ada.codes().length - codes,
      accounts: await app.sql('select id from accounts where email = ?', [ada.email]),
      created: created?.createUser.id,
    };
  };
  app.clock.advance({ seconds: 7 * DAY - 60 });
  Object.assign(admin, await admin.enter());
  Object.assign(eve, { token: (await eve.signIn()).accessToken });
  await stepUpAll(app);
  expect(await tries()).toEqual({
    answers: [undefined, 'INVALID_OTP', 'INVALID_OTP'],
    mailed: 0,
    accounts: [],
    created: undefined,
  });
  app.clock.advance({ seconds: 61 });
  expect(await ada.undo(undoSecretsOf(ada).at(-1))).toBe('INVALID_OTP');
  expect((await ada.signUp()).user.id).not.toBe(id);
});

it('cannot be undone by whoever had the account in between, once the owner has moved it back', async () => {
  const ada = await Mover.create(app);
  const id = await idOf(app, ada);
  const thief = ada.thief();
  expect(await thief.move(thief.email)).toBeUndefined();
  app.clock.advance({ seconds: 6 * DAY });
  // Ada still has the password, and so a session.
  const { accessToken } = await new Person(app, thief.email).signIn();
  const laptop = Object.assign(ada.thief(), { token: accessToken });
  await stepUpAll(app);
  expect(await laptop.move(ada.email)).toBeUndefined();
  await app.mailsDelivered();
  expect(subjects(thief).at(-1)).toBe('Your localhost address was changed back');
  expect(undoSecretsOf(thief)).toHaveLength(1);
  expect(await thief.undo(undoSecretsOf(thief)[0])).toBe('INVALID_OTP');
  expect(await laptop.account()).toMatchObject({ id, email: ada.email });
  // The secrets of the older address still work, and the address in between is free.
  expect((await new Person(app, thief.email).signIn()).user.id).not.toBe(id);
  expect(await ada.undo(undoSecretsOf(ada)[1])).toBeUndefined();
  expect((await laptop.me(accessToken)).code).toBe('UNAUTHENTICATED');
  for (const secret of undoSecretsOf(ada)) expect(await ada.undo(secret)).toBe('INVALID_OTP');
});

it('says the same for an address that is taken, and tells its owner', async () => {
  const ada = await Mover.create(app);
  const bob = await Mover.create(app);
  const { code, confirmation } = await ada.request(bob.email);
  expect(code).toBeUndefined();
  expect(subjects(bob).at(-1)).toBe('Someone tried to use your address at localhost');
  expect(await ada.confirm(confirmation)).toBe('INVALID_OTP');
  expect((await ada.account())?.email).toBe(ada.email);
  expect((await bob.account())?.email).toBe(bob.email);
});

it('takes over an address that was registered but never verified', async () => {
  const ada = await Mover.create(app);
  const next = newPerson(app);
  await next.register('somebody-elses-76');
  expect(await ada.move(next.email)).toBeUndefined();
  expect((await ada.account())?.email).toBe(next.email);
  expect((await next.login('somebody-elses-76')).code).toBe('INVALID_CREDENTIALS');
});

it('refuses the own address in any spelling', async () => {
  const ada = await Mover.create(app);
  expect((await ada.request(` ${ada.email.toUpperCase()} `)).code).toBe('BAD_USER_INPUT');
  expect((await ada.request('not an address')).code).toBe('BAD_USER_INPUT');
  await app.mailsDelivered();
  expect(undoSecretsOf(ada)).toEqual([]);
});

it('accepts the newest code of the same session, once, until the password changes', async () => {
  const ada = await Mover.create(app);
  const [first, second] = [newAddress(), newAddress()];
  const { confirmation: older } = await ada.request(first);
  const { confirmation: newest } = await ada.request(second);
  expect(await ada.confirm(older)).toBe('INVALID_OTP');
  const laptop = Object.assign(new Mover(app, ada.email), {});
  laptop.token = (await laptop.signIn()).accessToken;
  expect(await laptop.confirm(newest)).toBe('INVALID_OTP');
  const { confirmation: third } = await ada.request(second);
  const input = { currentPassword: PASSWORD, newPassword: 'amber-compass-91' };
  expect((await ada.changePassword(ada.token, input)).code).toBeUndefined();
  expect(await ada.confirm(third)).toBe('INVALID_OTP');
  const { confirmation: last } = await ada.request(second);
  const answers = await Promise.all(Array.from({ length: 4 }, () => ada.confirm(last)));
  expect(answers.filter((code) => code === undefined)).toHaveLength(1);
  expect((await ada.account())?.email).toBe(second);
});

it('counts and locks wrong codes like those of a sign-in', async () => {
  const ada = await Mover.create(app);
  const next = newPerson(app);
  const { confirmation } = await ada.request(next.email);
  const otp = wrongCode(confirmation?.otp ?? '');
  const guess = { otp, challengeId: confirmation?.challengeId ?? '' };
  const codes = await Promise.all(Array.from({ length: 20 }, () => ada.confirm(guess)));
  expect(codes.filter((code) => code === 'INVALID_OTP')).toHaveLength(5);
  expect(codes.filter((code) => code === 'LOCKED')).toHaveLength(15);
  expect(await ada.confirm(confirmation)).toBe('LOCKED');
  expect((await ada.account())?.email).toBe(ada.email);
});

it('gives an address to one of two accounts that confirm it at once', async () => {
  const next = newAddress();
  const movers = [await Mover.create(app), await Mover.create(app)];
  const codes: Awaited<ReturnType<Mover['request']>>['confirmation'][] = [];
  for (const mover of movers) codes.push((await mover.request(next)).confirmation);
  const answers = await Promise.all(movers.map((mover, index) => mover.confirm(codes[index])));
  expect(answers.filter((code) => code === undefined)).toHaveLength(1);
  expect(answers).toContain('INVALID_OTP');
  expect(await app.sql('select 1 from accounts where email = ?', [next])).toHaveLength(1);
});
