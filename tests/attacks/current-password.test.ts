import { expect, it } from 'vitest';
import { askOver, transports } from '../equivalence/either-transport.ts';
import { newAddress, newClient, useApp } from '../support/app.ts';
import { PASSWORD, Person } from '../support/flow.ts';

const app = useApp({ TRUST_PROXY: '127.0.0.0/8', LIMIT_SESSION_WRONG_PASSWORDS: '5' });
const NEW_PASSWORD = 'candle-harbour-58';

/** Creates a signed-in account with a verified address and a password. */
async function owner() {
  const ada = new Person(app);
  await app.sql(
    `insert into accounts (id, email, password_hash, email_verified_at, role, created_at)
     values (gen_random_uuid(), ?, ?, now(), 'USER', now())`,
    [ada.email, await app.runtime.passwords.hash(PASSWORD)],
  );
  return { ada, ...(await ada.signIn()) };
}

const clients: Record<string, (n: number) => string> = {
  IPv4: (n) => `192.0.2.${n}`,
  IPv6: (n) => `2001:db8:${n}::1`,
};

const isWrong = (code: unknown) => code === 'BAD_USER_INPUT';
const revocations = async (person: Person) =>
  (await person.events()).filter(({ event }) => event === 'SESSION_REVOKED');
const alarms = (person: Person) =>
  person
    .mails()
    .filter((raw) => raw.includes('Subject: We signed out a localhost device after wrong'));

// Before: 80 addresses × 5 guesses = 400 guesses in 9 s, no lock; then the right password worked.
it.each(Object.entries(clients))(
  'compares 5 of 100 current passwords for one access token, sent from 50 clients: %s',
  async (_family, clientOf) => {
    const { ada, accessToken } = await owner();
    const guesses = Array.from({ length: 100 }, (_, n) => ({
      currentPassword: `guess-number-${n}`,
      newPassword: NEW_PASSWORD,
      n,
    }));
    const answers = await Promise.all(
      guesses.map(({ n, ...input }) =>
        askOver(transports[n % 2] ?? 'REST', app, 'changePassword', input, {
          token: accessToken,
          headers: { 'x-forwarded-for': clientOf(1 + (n % 50)) },
        }),
      ),
    );
    const codes = answers.map(({ code }) => code);
    expect(codes.filter(isWrong)).toHaveLength(5);
    expect(codes.filter((code) => code === 'UNAUTHENTICATED').length).toBeGreaterThan(0);
    expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await ada.changePassword(accessToken, change)).code).toBe('UNAUTHENTICATED');

    await app.eventually(async () => (await revocations(ada)).length > 0);
    await app.eventually(() => alarms(ada).length > 0);
    expect((await revocations(ada)).map(({ metadata }) => metadata.by)).toEqual(['wrongPasswords']);
    expect(alarms(ada)).toHaveLength(1);
  },
);

it('ends a session with its fifth wrong password, and no other session', async () => {
  const { ada, accessToken } = await owner();
  const other = await new Person(app, ada.email).signIn();
  const wrong = { currentPassword: 'not-the-one', newPassword: NEW_PASSWORD };
  for (const left of [4, 3, 2, 1, 0]) {
    const thief = new Person(app, ada.email);
    expect((await thief.changePassword(accessToken, wrong)).code).toBe('BAD_USER_INPUT');
    expect((await ada.me(accessToken)).code).toBe(left ? undefined : 'UNAUTHENTICATED');
  }
  expect((await ada.me(other.accessToken)).code).toBeUndefined();
});

it('counts consecutive wrong passwords: the right one resets the count', async () => {
  const { ada, accessToken } = await owner();
  let [currentPassword, newPassword] = [PASSWORD, NEW_PASSWORD];
  for (const _ of Array(3)) {
    for (const _wrong of Array(4)) {
      const wrong = { currentPassword: 'not-the-one', newPassword };
      expect((await ada.changePassword(accessToken, wrong)).code).toBe('BAD_USER_INPUT');
    }
    const right = { currentPassword, newPassword };
    expect((await ada.changePassword(accessToken, right)).code).toBeUndefined();
    [currentPassword, newPassword] = [newPassword, currentPassword];
  }
});

it('counts with the wrong passwords of all unknown clients, across sessions and login', async () => {
  const { ada, accessToken } = await owner();
  const guess = (email: string, from: string) => new Person(app, email, from).login('not-the-one');
  // Fifty wrong passwords of unknown clients lock them out; an access token is no way around it.
  for (let n = 0; n < 10; n += 1) {
    const from = newClient();
    await Promise.all(Array.from({ length: 5 }, () => guess(ada.email, from)));
  }
  const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  const thief = new Person(app, ada.email);
  expect((await thief.changePassword(accessToken, change)).code).toBe('LOCKED');
  expect((await ada.changePassword(accessToken, change)).code).toBeUndefined();
  expect((await guess(newAddress(), newClient())).code).toBe('INVALID_CREDENTIALS');
});
