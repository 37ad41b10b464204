import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();

it('ends the session of the access token at once, for both tokens', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  const other = await ada.signIn();

  expect((await ada.logout({ token: accessToken })).data?.logout).toEqual({ detail: 'Logged out' });
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.me(other.accessToken)).code).toBeUndefined();
});

it('ends the session by the refresh token alone, when the access token has expired', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  app.clock.advance({ seconds: 1000 });
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');

  expect((await ada.logout({ token: accessToken, refreshToken })).code).toBeUndefined();
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
});

it('accepts a second logout of a session, and records one', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  await ada.logout({ refreshToken });
  expect((await ada.logout({ refreshToken })).code).toBeUndefined();

  await ada.login('not-the-password');
  const events = await app.eventually(async () => {
    const names = (await ada.events()).map(({ event }) => event);
    return names.includes('LOGIN_FAILED') && names;
  });
  expect(events.filter((name) => name === 'LOGGED_OUT')).toHaveLength(1);
});

it('rejects missing and foreign tokens', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  expect((await ada.logout({})).code).toBe('UNAUTHENTICATED');
  expect((await ada.logout({ refreshToken: 'a.b.c' })).code).toBe('INVALID_TOKEN');
  expect((await ada.logout({ refreshToken: accessToken })).code).toBe('INVALID_TOKEN');
  expect((await ada.me(accessToken)).code).toBeUndefined();
});

it('ends the session for later fields of the same request', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  const query =
    'mutation { a: logout { detail } b: updateProfile(input: { lastName: "x" }) { id } }';
  expect((await app.graphql(query, {}, { token })).code).toBe('UNAUTHENTICATED');
});
