import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp();

it('mails a code, and signs in the client that redeems it with the challengeId', async () => {
  const ada = new Person(app);
  const { data, text } = await ada.register(PASSWORD, { firstName: 'Ada' });
  const code = await ada.code();
  const answer = await ada.verifyOtp(code, data?.register.challengeId);

  expect(text).not.toContain(code);
  expect(answer.data?.verifyOtp.user).toMatchObject({
    email: ada.email,
    emailVerified: true,
    hasPassword: true,
    firstName: 'Ada',
  });
});

it('gives the same answer for a free, an unverified and a verified address', async () => {
  const [ada, bob] = [new Person(app), new Person(app)];
  const free = await ada.register();
  const unverified = await ada.register('another-lantern-74');
  await bob.signIn();
  const verified = await new Person(app, bob.email).register('a-third-lantern-75');

  for (const { status, data } of [free, unverified, verified]) {
    expect([status, data]).toEqual([
      200,
      {
        register: {
          detail: 'User registered successfully',
          expiresIn: 300,
          challengeId: expect.stringMatching(/^\d{4}(-\d{4}){9}$/),
        },
      },
    ]);
  }
});

it('creates a decoy challenge for a verified address, which replaces no other one', async () => {
  const ada = new Person(app);
  await ada.signUp();
  await ada.requestOtp();
  const code = await ada.code(2);
  const other = new Person(app, ada.email);
  const { challengeId } = (await other.register('somebody-elses-76')).data?.register ?? {};
  await app.mailsDelivered();

  expect(ada.codes()).toHaveLength(2);
  expect((await other.verifyOtp(code, challengeId)).code).toBe('INVALID_OTP');
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
});

it('changes nothing in a verified account, and notifies its owner', async () => {
  const ada = new Person(app);
  await ada.signUp();

  await new Person(app, ada.email).register('somebody-elses-76');

  expect((await ada.login('somebody-elses-76')).code).toBe('INVALID_CREDENTIALS');
  const [, notice] = await app.eventually(() => ada.mails().length === 2 && ada.mails());
  expect(notice).toContain('You already have an account at localhost');
  expect((await ada.login()).code).toBeUndefined();
});

it('uses the newest password and names while the address is unverified', async () => {
  const ada = new Person(app);
  await ada.register(PASSWORD, { firstName: 'Ada', lastName: 'Byron' });
  await ada.register('another-lantern-74', { firstName: 'Augusta' });

  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  await ada.code(2);
  const { data } = await ada.login('another-lantern-74');
  const signedIn = await ada.verifyOtp(await ada.code(3), data?.login.challengeId);
  expect(signedIn.data?.verifyOtp.user).toMatchObject({ firstName: 'Augusta', lastName: null });
});

it('counts the age of an unverified account, and of its log, from its newest registration', async () => {
  const ada = new Person(app);
  await ada.register();
  const between = app.clock.now();
  await ada.register();
  const { accessToken } = await ada.signIn();
  await app.eventually(async () => {
    const events = (await ada.events()).filter(({ event }) => event === 'REGISTERED');
    return events.length === 2;
  });
  const me = await ada.me(accessToken);
  const { data } = await ada.auditLogs(accessToken, { filter: { event: 'REGISTERED' } });

  expect(new Date(me.data?.me.createdAt ?? 0).getTime()).toBeGreaterThan(between.getTime());
  const outcomes = data?.auditLogs.edges.map(({ node }) => node.metadata);
  expect(outcomes).toEqual([{ outcome: 'replaced' }]);
});

it('creates one account for ten concurrent registrations', async () => {
  const ada = new Person(app);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ada.register()));

  const { max } = app.runtime.config.mailedCodes;
  const refused = answers.filter(({ code }) => code === 'RATE_LIMITED');
  expect(refused).toHaveLength(10 - max);
  expect(answers.filter(({ data }) => data)).toHaveLength(max);
  const rows = await app.sql('select id from accounts where email = ?', [ada.email]);
  expect(rows).toHaveLength(1);
});

it('records each registration with its outcome', async () => {
  const ada = new Person(app);
  await ada.register();
  await ada.register();
  await ada.signIn();
  await ada.register();

  const events = await app.eventually(async () => {
    const found = (await ada.events()).filter(({ event }) => event === 'REGISTERED');
    return found.length === 3 && found;
  });
  expect(events.map(({ metadata }) => metadata.outcome)).toEqual(['created', 'replaced', 'taken']);
});

it('consumes a mailed code for each kind of mail, and is rejected past the limit', async () => {
  const { max } = app.runtime.config.mailedCodes;
  const [free, taken] = [new Person(app), new Person(app)];
  await taken.signIn();
  await free.requestOtp();
  for (const { email } of [free, taken]) {
    const codes = [];
    for (let i = 0; i < max + 1; i += 1) codes.push((await new Person(app, email).register()).code);
    const refused = ['RATE_LIMITED', 'RATE_LIMITED'];
    expect(codes).toEqual([...Array(max - 1).fill(undefined), ...refused]);
    expect((await new Person(app, email).requestOtp()).code).toBe('RATE_LIMITED');
  }
  await app.mailsDelivered();

  expect(free.codes()).toHaveLength(max);
  const notices = taken.mails().filter((mail) => mail.includes('tried to register'));
  expect(notices).toHaveLength(max - 1);
});
