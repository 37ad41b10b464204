import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { CookieClient, OWN, transports } from './support/cookie-client.ts';
import { failEveryStatement } from './support/failing-statements.ts';
import { Person } from './support/flow.ts';
import { postForm } from './support/oauth.ts';

const app = useApp({
  PUBLIC_URL: OWN,
  ALLOWED_HOSTS: 'auth.example.com,127.0.0.1',
  LIMIT_REFRESH: '20/600',
});

const TWO_WEEKS = 14 * 86_400;
const COOKIE = (maxAge: number, value = '[\\w-]+\\.[\\w-]+\\.[\\w-]+') =>
  new RegExp(
    `^__Host-gatehouse=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; Secure; SameSite=Lax$`,
  );
const CLEARED = COOKIE(0, '');

it('is unknown to the OAuth token endpoint, which ignores the cookie', async () => {
  const [kept, given] = [await new Person(app).signIn(), await new Person(app).signIn()];
  const headers = {
    'gatehouse-session': 'cookie',
    cookie: `__Host-gatehouse=${kept.refreshToken}`,
    origin: 'https://app.example.org',
  };
  const form = { grant_type: 'refresh_token', refresh_token: given.refreshToken };
  const answer = await postForm(app, 'token', form, { headers });
  expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined]);
  expect(answer.body.refresh_token).toMatch(/^eyJ/);
});

describe.each(transports)('over %s', (transport) => {
  const newClient = (person = new Person(app)) => new CookieClient(app, transport, person);

  it('keeps the refresh token in a cookie only, and rotates it there', async () => {
    const client = newClient();
    const signedIn = await client.signIn();
    expect(signedIn).toMatchObject({ status: 200, code: undefined, refresh: null });
    expect(signedIn.setCookie).toMatch(COOKIE(TWO_WEEKS));
    expect(signedIn.headers['cache-control']).toBe('no-store');
    const first = client.cookie ?? '';
    expect(signedIn.text).not.toContain(first);
    expect((await client.person.me(signedIn.access)).code).toBeUndefined();

    app.clock.advance({ seconds: 3600 });
    const refreshed = await client.ask('refreshTokens');
    expect(refreshed).toMatchObject({ status: 200, code: undefined, refresh: null });
    expect(refreshed.setCookie).toMatch(COOKIE(TWO_WEEKS));
    expect(client.cookie).not.toBe(first);
    expect((await client.person.me(refreshed.access)).code).toBeUndefined();

    const loggedOut = await client.ask('logout');
    expect(loggedOut).toMatchObject({ status: 200, code: undefined });
    expect(loggedOut.setCookie).toMatch(CLEARED);
    expect((await client.person.me(refreshed.access)).code).toBe('UNAUTHENTICATED');
  });

  it('lets the cookie live as long as the refresh token: at most until the session ends', async () => {
    const client = newClient();
    await client.signIn();
    for (const days of [13, 13]) {
      app.clock.advance({ seconds: days * 86_400 });
      expect((await client.ask('refreshTokens')).code).toBeUndefined();
    }
    const again = await client.ask('refreshTokens');
    expect(again.setCookie).toMatch(COOKIE(4 * 86_400));
    app.clock.advance({ seconds: 5 });
    const parent = client.cookie;
    const child = await client.ask('refreshTokens');
    client.cookie = parent;
    app.clock.advance({ seconds: 5 });
    // The same token again, which expires no later.
    expect((await client.ask('refreshTokens')).setCookie).toBe(
      child.setCookie?.replace(/Max-Age=\d+/, `Max-Age=${4 * 86_400 - 10}`),
    );
  });

  it('ignores the cookie without the header, and sets none', async () => {
    const client = newClient();
    const { access } = await client.signIn();
    const headers = { 'gatehouse-session': undefined };
    const refreshed = await client.ask('refreshTokens', {}, { headers });
    expect([refreshed.code, refreshed.setCookie]).toEqual(['BAD_USER_INPUT', undefined]);
    const loggedOut = await client.ask('logout', {}, { headers });
    expect([loggedOut.code, loggedOut.setCookie]).toEqual(['UNAUTHENTICATED', undefined]);
    expect((await client.person.me(access)).code).toBeUndefined();
    const { refreshToken } = await client.person.signIn();
    const inBody = await client.ask('refreshTokens', { refreshToken }, { headers });
    expect([inBody.refresh, inBody.setCookie]).toEqual([expect.any(String), undefined]);
  });

  it('rejects a token in cookie and body, and moves one of the body into the cookie', async () => {
    const client = newClient();
    const { access } = await client.signIn();
    const kept = client.cookie;
    const { refreshToken } = await client.person.signIn();
    for (const operation of ['refreshTokens', 'logout'] as const) {
      expect(client.cookie).toBe(kept);
      const both = await client.ask(operation, { refreshToken });
      expect(both.code).toBe('BAD_USER_INPUT');
      expect(both.status).toBe(transport === 'REST' ? 400 : 200);
      expect(both.text).toContain('Omit it: the session cookie contains a refresh token.');
    }
    // No logout leaves the browser signed in, and none ends a session that it rejects to end.
    expect(client.cookie).toBeUndefined();
    expect((await client.person.me(access)).code).toBeUndefined();

    const other = newClient(client.person);
    const moved = await other.ask('refreshTokens', { refreshToken });
    expect([moved.refresh, moved.setCookie]).toEqual([null, expect.stringMatching(/^__Host/)]);
    expect((await other.ask('refreshTokens')).code).toBeUndefined();
  });

  it('keeps two tabs signed in that refresh at once', async () => {
    const client = newClient();
    await client.signIn();
    const other = newClient(client.person);
    other.cookie = client.cookie;
    const answers = await Promise.all([client.ask('refreshTokens'), other.ask('refreshTokens')]);
    expect(answers.map(({ code }) => code)).toEqual([undefined, undefined]);
    expect(client.cookie).toBe(other.cookie);
    for (const { access } of answers) {
      expect((await client.person.me(access)).code).toBeUndefined();
    }
    expect((await client.ask('refreshTokens')).code).toBeUndefined();
  });

  it('removes a cookie whose token is dead, expired or not from here', async () => {
    const client = newClient();
    const { access } = await client.signIn();
    const kept = client.cookie;
    await client.person.logout({ token: access });
    const dead = await client.ask('refreshTokens');
    expect([dead.code, dead.setCookie]).toEqual(['INVALID_TOKEN', expect.stringMatching(CLEARED)]);
    for (const cookie of ['', 'a.b.c', access, `"${kept}"`, 'x'.repeat(5000)]) {
      client.cookie = cookie;
      const { code, setCookie } = await client.ask('refreshTokens');
      expect([code, setCookie]).toEqual(['INVALID_TOKEN', expect.stringMatching(CLEARED)]);
    }
    const none = await client.ask('refreshTokens');
    expect([none.status, none.code]).toEqual([transport === 'REST' ? 401 : 200, 'INVALID_TOKEN']);
  });

  it('ends the session and removes the cookie when a spent token comes back', async () => {
    const client = newClient();
    await client.signIn();
    const stolen = client.cookie;
    await client.ask('refreshTokens');
    const { access } = await client.ask('refreshTokens');
    const thief = newClient();
    thief.cookie = stolen;
    const caught = await thief.ask('refreshTokens');
    expect([caught.code, caught.setCookie]).toEqual([
      'INVALID_TOKEN',
      expect.stringMatching(CLEARED),
    ]);
    expect((await client.person.me(access)).code).toBe('UNAUTHENTICATED');
  });

  it('removes the cookie at each logout: of an ended session, without a valid token, in an outage', async () => {
    const client = newClient();
    const { access } = await client.signIn();
    const kept = client.cookie;
    expect((await client.ask('logout')).setCookie).toMatch(CLEARED);
    client.cookie = kept;
    const again = await client.ask('logout');
    expect([again.code, again.setCookie]).toEqual([undefined, expect.stringMatching(CLEARED)]);
    client.cookie = 'a.b.c';
    const foreign = await client.ask('logout');
    expect([foreign.code, foreign.setCookie]).toEqual([
      'INVALID_TOKEN',
      expect.stringMatching(CLEARED),
    ]);
    const bare = await client.ask('logout', {}, { token: access });
    expect([bare.code, bare.setCookie]).toEqual([
      'UNAUTHENTICATED',
      expect.stringMatching(CLEARED),
    ]);

    await client.signIn();
    await failEveryStatement(app, Object.assign(new Error('away'), { code: '57P01' }));
    const failed = await client.ask('logout');
    expect([failed.code, failed.setCookie]).toEqual([
      'UNAVAILABLE',
      expect.stringMatching(CLEARED),
    ]);
  });

  it('keeps the cookie while the service is unavailable or a limit is exceeded', async () => {
    const eager = newClient();
    await eager.signIn();
    let limited = await eager.ask('refreshTokens');
    while (limited.code === undefined) limited = await eager.ask('refreshTokens');
    expect([limited.code, limited.setCookie]).toEqual(['RATE_LIMITED', undefined]);

    const client = newClient();
    await client.signIn();
    const kept = client.cookie;
    await failEveryStatement(app, Object.assign(new Error('away'), { code: '57P01' }));
    const failed = await client.ask('refreshTokens');
    expect([failed.code, failed.setCookie, client.cookie]).toEqual([
      'UNAVAILABLE',
      undefined,
      kept,
    ]);
  });

  it('ends the session of the cookie by the access token if the cookie is missing', async () => {
    const client = newClient();
    const { access } = await client.signIn();
    client.cookie = undefined;
    expect((await client.ask('logout', {}, { token: access })).code).toBeUndefined();
    expect((await client.person.me(access)).code).toBe('UNAUTHENTICATED');
  });

  it('replaces the session of an earlier cookie at sign-in, and ends it', async () => {
    const client = newClient();
    const first = await client.signIn();
    const planted = client.cookie;
    const wrong = await client.ask('verifyOtp', { email: client.person.email, otp: '000000' });
    expect([wrong.code, wrong.setCookie, client.cookie]).toEqual([
      'INVALID_OTP',
      undefined,
      planted,
    ]);
    const second = await client.signIn();
    expect(client.cookie).not.toBe(planted);
    expect((await client.person.me(first.access)).code).toBe('UNAUTHENTICATED');
    expect((await client.person.me(second.access)).code).toBeUndefined();
    await app.auditWritten();
    const names = (await client.person.events()).map(({ event }) => event);
    expect(names.filter((name) => name === 'LOGGED_OUT')).toHaveLength(1);
    // A value that is no token of ours does not prevent a sign-in.
    client.cookie = 'planted';
    expect((await client.signIn()).code).toBeUndefined();
  });

  it('trusts neither of two cookies with the name, nor a cookie with a similar name', async () => {
    const victim = newClient();
    await victim.signIn();
    const attacker = newClient();
    await attacker.signIn();
    const own = `__Host-gatehouse=${victim.cookie}`;
    const planted = `__Host-gatehouse=${attacker.cookie}`;
    for (const cookie of [`${planted}; ${own}`, `${own}; ${planted}`, `${own};${own}`]) {
      const { code, setCookie } = await victim.ask('refreshTokens', {}, { headers: { cookie } });
      expect([code, setCookie]).toEqual(['INVALID_TOKEN', expect.stringMatching(CLEARED)]);
    }
    for (const name of [
      '__host-gatehouse',
      'gatehouse',
      'x__Host-gatehouse',
      '__Host-gatehouse2',
    ]) {
      const cookie = `${name}=${attacker.cookie}`;
      const { code, setCookie } = await victim.ask('refreshTokens', {}, { headers: { cookie } });
      expect([name, code, setCookie]).toEqual([name, 'INVALID_TOKEN', undefined]);
    }
  });
});
