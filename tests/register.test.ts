import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp();

it('answers alike for a free, an unproven and a proven address', async () => {
  const ada = new Person(app);
  const free = await ada.register();
  const unproven = await ada.register('another-lantern-74');
  await ada.signIn();
  const proven = await ada.register('a-third-lantern-75');

  expect(free.data).toEqual({ register: { detail: 'User registered successfully' } });
  expect([unproven.text, proven.text]).toEqual([free.text, free.text]);
});

it('changes nothing of a proven account, and tells its owner', async () => {
  const ada = new Person(app);
  await ada.register();
  const { data } = await ada.login();
  await ada.verifyOtp(await ada.code(), data?.login.challengeId);

  await new Person(app, ada.email).register('somebody-elses-76');

  expect((await ada.login('somebody-elses-76')).code).toBe('INVALID_CREDENTIALS');
  const [, notice] = await app.eventually(() => ada.mails().length === 2 && ada.mails());
  expect(notice).toContain('Somebody tried to register your address');
  expect((await ada.login()).code).toBeUndefined();
});

it('takes the newest password and names for as long as the mailbox is unproven', async () => {
  const ada = new Person(app);
  await ada.register(PASSWORD, { firstName: 'Ada', lastName: 'Byron' });
  await ada.register('another-lantern-74', { firstName: 'Augusta' });

  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  const { data } = await ada.login('another-lantern-74');
  const signedIn = await ada.verifyOtp(await ada.code(), data?.login.challengeId);
  expect(signedIn.data?.verifyOtp.user).toMatchObject({ firstName: 'Augusta', lastName: null });
});

it('counts the age of an unproven account from its newest registration, and its log too', async () => {
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

it('makes one account of ten registrations at once', async () => {
  const ada = new Person(app);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ada.register()));

  expect(answers.map(({ code }) => code)).toEqual(Array(10).fill(undefined));
  const rows = await app.sql('select id from accounts where email = ?', [ada.email]);
  expect(rows).toHaveLength(1);
});

it('stores a password as argon2id with the parameters of OWASP, and never twice alike', async () => {
  const people = [new Person(app), new Person(app)];
  for (const person of people) await person.register();
  const rows = await app.sql<{ password_hash: string }>(
    'select password_hash from accounts where email in (?, ?)',
    people.map(({ email }) => email),
  );

  const [first, second] = rows.map((row) => row.password_hash);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$/);
  expect(first).not.toBe(second);
});

it('records each registration, and what became of it', async () => {
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

it('tells the owner of a taken address so often and no more', async () => {
  const ada = new Person(app);
  await ada.signIn();
  for (let i = 0; i < 8; i += 1) await new Person(app, ada.email).register();
  await ada.requestOtp();
  await app.eventually(() => ada.mails().at(-1)?.includes('Your code') && ada.mails().length > 4);

  expect(ada.mails().filter((mail) => mail.includes('tried to register'))).toHaveLength(3);
});
