import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();

const eventNames = async (person: Person) => (await person.events()).map(({ event }) => event);

it('exchanges a refresh token for a new pair, and spends it', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const second = (await ada.refresh(first.refreshToken)).data?.refreshTokens;

  expect(second?.refreshToken).not.toBe(first.refreshToken);
  expect(second?.accessToken).not.toBe(first.accessToken);
  expect((await ada.me(second?.accessToken ?? '')).data?.me.email).toBe(ada.email);
  expect(decodeJwt(second?.refreshToken ?? '').sid).toBe(decodeJwt(first.refreshToken).sid);
});

it('gives the same child again for 10 seconds, byte for byte', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const child = (await ada.refresh(first.refreshToken)).data?.refreshTokens.refreshToken;
  app.clock.advance({ seconds: 9 });
  const again = await ada.refresh(first.refreshToken);

  expect(again.data?.refreshTokens.refreshToken).toBe(child);
  expect((await ada.refresh(child ?? '')).code).toBeUndefined();
});

it('ends the session when a spent refresh token comes back after that', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const second = (await ada.refresh(first.refreshToken)).data?.refreshTokens;
  app.clock.advance({ seconds: 11 });

  expect((await ada.refresh(first.refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.refresh(second?.refreshToken ?? '')).code).toBe('INVALID_TOKEN');
  expect((await ada.me(second?.accessToken ?? '')).code).toBe('UNAUTHENTICATED');
  await app.eventually(async () => (await eventNames(ada)).includes('TOKEN_REUSED'));
});

it('ends the session when a spent token comes back whose child was used', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const second = (await ada.refresh(first.refreshToken)).data?.refreshTokens;
  const third = (await ada.refresh(second?.refreshToken ?? '')).data?.refreshTokens;

  expect((await ada.refresh(first.refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.refresh(third?.refreshToken ?? '')).code).toBe('INVALID_TOKEN');
});

it('leaves one chain of 50 refreshes at once, and all hold the same child', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ada.refresh(refreshToken)));

  expect(new Set(answers.map(({ data }) => data?.refreshTokens.refreshToken)).size).toBe(1);
  const child = answers[0]?.data?.refreshTokens.refreshToken ?? '';
  expect((await ada.refresh(child)).code).toBeUndefined();
});

it('lets a session die after 14 idle days, and after 30 days however much it is used', async () => {
  const days = (count: number) => ({ seconds: count * 24 * 60 * 60 });
  const idle = await new Person(app).signIn();
  const ada = new Person(app);
  let { refreshToken } = await ada.signIn();
  for (let day = 0; day < 24; day += 12) {
    app.clock.advance(days(12));
    const answer = await ada.refresh(refreshToken);
    refreshToken = answer.data?.refreshTokens.refreshToken ?? '';
    expect(answer.code).toBeUndefined();
  }
  expect((await new Person(app).refresh(idle.refreshToken)).code).toBe('INVALID_TOKEN');
  app.clock.advance(days(7));
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
});

it('keeps nothing of a refresh token but its hash', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const { jti } = decodeJwt(refreshToken);
  const rows = JSON.stringify(await app.sql('select * from sessions'));

  expect(rows).not.toContain(jti);
  expect(rows).not.toContain(refreshToken);
});
