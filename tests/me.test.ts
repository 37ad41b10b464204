import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();

it('rejects a request without a valid token', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  const [header, payload] = accessToken.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');

  for (const token of ['', 'a.b.c', refreshToken, `${header}.${payload}.`, `${none}.${payload}.`]) {
    const answer = await ada.me(token);
    expect(answer.code).toBe('UNAUTHENTICATED');
    expect(answer.data).toEqual({ me: null });
    expect(answer.status).toBe(200);
  }
  expect((await ada.me(accessToken)).data?.me.email).toBe(ada.email);
});

it('rejects an access token after 15 minutes', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  app.clock.advance({ seconds: 890 });
  expect((await ada.me(accessToken)).code).toBeUndefined();
  app.clock.advance({ seconds: 20 });
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
});

it('rejects an access token immediately after its session ended', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  await app.sql(
    'update sessions set ended_at = now() where account_id = (select id from accounts where email = ?)',
    [ada.email],
  );

  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
});
