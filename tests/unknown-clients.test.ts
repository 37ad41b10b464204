import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { Person, wrongCode } from './support/flow.ts';

const app = useApp();
const DAY = 86_400;

/** The address of a person, asked for from somewhere else. */
const unknownClient = ({ email }: Person) => new Person(app, email, newClient());

/** Creates an account with a password and a session from its own client. */
async function owner(): Promise<Person> {
  const ada = new Person(app);
  await ada.signUp();
  return ada;
}

/** So many wrong codes for a person, each from another client. */
const guess = (person: Person, code: string, times: number, challengeId?: string) =>
  Promise.all(
    Array.from({ length: times }, () =>
      unknownClient(person).verifyOtp(wrongCode(code), challengeId),
    ),
  );

it('closes a challenge after 10 guesses without its id or 5 with it, counted separately', async () => {
  const ada = new Person(app);
  const { challengeId } = (await ada.requestOtp()).data?.requestOtp ?? {};
  const code = await ada.code();
  await guess(ada, code, 10);
  expect((await unknownClient(ada).verifyOtp(code)).code).toBe('INVALID_OTP');
  expect((await unknownClient(ada).verifyOtp(code, challengeId)).code).toBeUndefined();

  const grace = new Person(app);
  const asked = (await grace.requestOtp()).data?.requestOtp.challengeId;
  const other = await grace.code();
  await guess(grace, other, 5, asked);
  expect((await unknownClient(grace).verifyOtp(other, asked)).code).toBe('INVALID_OTP');
  expect((await unknownClient(grace).verifyOtp(other)).code).toBeUndefined();
});

it('lets all unknown clients together guess 20 codes an hour, and counts guesses with the id separately', async () => {
  const ada = await owner();
  await ada.requestOtp();
  const code = await ada.code(2);
  await guess(ada, code, 20);
  const { challengeId } = (await unknownClient(ada).requestOtp()).data?.requestOtp ?? {};
  const newest = await ada.code(3);

  const refused = await unknownClient(ada).verifyOtp(newest);
  expect(refused.code).toBe('LOCKED');
  expect(refused.errors[0]?.extensions.unlockIn).toBeGreaterThan(3500);
  expect((await unknownClient(ada).verifyOtp(newest, challengeId)).code).toBeUndefined();
  // And who is known to the address.
  await ada.requestOtp();
  expect((await ada.verifyOtp(await ada.code(4))).code).toBeUndefined();
});

it('lets all unknown clients together try 50 wrong passwords an hour, and does not block the known client', async () => {
  const ada = await owner();
  for (const _ of Array(10)) {
    // Not so many at once that the service is too busy to compare them.
    const clients = Array.from({ length: 5 }, () => unknownClient(ada));
    await Promise.all(clients.map((client) => client.login('not-the-password')));
  }
  expect((await unknownClient(ada).login()).code).toBe('LOCKED');
  expect((await ada.login()).code).toBeUndefined();
});

it('reserves mailed codes for known clients, whatever unknown clients ask for', async () => {
  const ada = await owner();
  for (const _ of Array(5)) await unknownClient(ada).requestOtp();
  expect((await unknownClient(ada).requestOtp()).code).toBe('RATE_LIMITED');
  expect((await unknownClient(ada).login()).code).toBe('RATE_LIMITED');
  expect((await ada.requestOtp()).code).toBeUndefined();
});

it('refunds the attempts of an unknown client that succeeds, and of no other client', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  await guess(ada, code, 9);
  expect((await unknownClient(ada).verifyOtp(code)).code).toBeUndefined();

  await unknownClient(ada).requestOtp();
  await guess(ada, await ada.code(2), 10);
  await unknownClient(ada).requestOtp();
  const newest = await ada.code(3);
  expect((await unknownClient(ada).verifyOtp(wrongCode(newest))).code).toBe('INVALID_OTP');
  expect((await unknownClient(ada).verifyOtp(newest)).code).toBe('LOCKED');
});

it('forgets a client 30 days after its last session there has ended', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  await ada.logout({ token: accessToken });
  for (const _ of Array(4)) await unknownClient(ada).requestOtp();
  app.clock.advance({ seconds: 29 * DAY });
  expect((await ada.requestOtp()).code).toBeUndefined();
  app.clock.advance({ seconds: 2 * DAY });
  expect((await ada.requestOtp()).code).toBe('RATE_LIMITED');
});

it('records a lock once for each client that meets it', async () => {
  const ada = await owner();
  await ada.requestOtp();
  await guess(ada, await ada.code(2), 20);
  const [one, two] = [unknownClient(ada), unknownClient(ada)];
  for (const client of [one, two, one, two]) {
    expect((await client.verifyOtp('000000')).code).toBe('LOCKED');
  }
  const locks = async () => (await ada.events()).filter(({ event }) => event === 'OTP_LOCKED');
  await app.eventually(async () => (await locks()).length === 2);
  expect((await locks()).map(({ ip_address }) => ip_address).sort()).toEqual(
    [one.from, two.from].sort(),
  );
});
