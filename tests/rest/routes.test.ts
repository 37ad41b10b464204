import { expect, it } from 'vitest';
import { newClient, useApp } from '../support/app.ts';
import { PASSWORD, Person, wrongCode } from '../support/flow.ts';
import { type RestOptions, rest } from '../support/rest.ts';

const app = useApp();
const NEW_PASSWORD = 'candle-harbour-58';

/** The routes, called from where a person sits. */
const caller = (person: Person) => ({
  post: (path: string, body?: unknown, options: RestOptions = {}) =>
    rest(app, 'POST', path, body, { from: person.from, ...options }),
  get: (path: string, token?: string) =>
    rest(app, 'GET', path, undefined, token === undefined ? {} : { token }),
});

it('signs in with a password and a code, in the names of REST', async () => {
  const ada = new Person(app);
  const { post, get } = caller(ada);
  const { email } = ada;
  const names = { first_name: 'Ada', last_name: 'Lovelace' };

  const registered = await post('/auth/register', { email, password: PASSWORD, ...names });
  expect([registered.status, registered.body]).toEqual([
    201,
    { detail: 'User registered successfully', expires_in: 300, challenge_id: expect.any(String) },
  ]);
  await ada.code();
  const asked = await post('/auth/login', { email, password: PASSWORD });
  expect([asked.status, asked.body]).toEqual([
    202,
    { detail: 'OTP sent to email', expires_in: 300, challenge_id: expect.any(String) },
  ]);
  const { challenge_id } = asked.body;
  const entered = await post('/auth/login/otp-verify', {
    email,
    otp: await ada.code(2),
    challenge_id,
  });
  expect([entered.status, entered.body]).toEqual([
    200,
    {
      access: expect.any(String),
      refresh: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      detail: 'OTP verified successfully',
    },
  ]);
  expect(entered.headers['cache-control']).toBe('no-store');

  const me = await get('/auth/me', entered.body.access as string);
  expect([me.status, me.body]).toEqual([
    200,
    {
      id: expect.any(String),
      email,
      email_verified: true,
      has_password: true,
      ...names,
      role: 'USER',
      created_at: expect.stringMatching(/Z$/),
      last_login_at: expect.stringMatching(/Z$/),
      locale: null,
    },
  ]);
});

it('signs in without a password, refreshes and logs out', async () => {
  const ada = new Person(app);
  const { post, get } = caller(ada);
  const { email } = ada;
  const asked = await post('/auth/otp/request', { email });
  expect([asked.status, asked.body.detail]).toEqual([202, 'OTP sent']);
  const first = await post('/auth/otp/verify/', { email, otp: await ada.code() });

  const second = await post('/auth/token/refresh', { refresh: first.body.refresh });
  expect([second.status, Object.keys(second.body)]).toEqual([
    200,
    ['access', 'refresh', 'token_type', 'expires_in'],
  ]);
  const token = second.body.access as string;
  expect((await get('/auth/me', token)).status).toBe(200);

  const ended = await post('/auth/logout', undefined, { token });
  expect([ended.status, ended.body]).toEqual([200, { detail: 'Logged out' }]);
  expect((await get('/auth/me', token)).status).toBe(401);
  expect((await post('/auth/token/refresh', { refresh: second.body.refresh })).status).toBe(401);
});

it('sets a new password with a reset code', async () => {
  const ada = new Person(app);
  const { post } = caller(ada);
  const { email } = ada;
  await ada.register();
  await ada.code();
  const asked = await post('/auth/forgot-password', { email });
  expect([asked.status, asked.body.detail]).toEqual([202, 'OTP sent to email']);

  const otp = await ada.code(2);
  const input = { email, password: NEW_PASSWORD };
  const wrong = await post('/auth/password-reset', { ...input, otp: wrongCode(otp) });
  expect([wrong.status, wrong.body.detail]).toEqual([400, 'Invalid or expired OTP']);
  const done = await post('/auth/password-reset', { ...input, otp });
  expect([done.status, done.body]).toEqual([200, { detail: 'Password reset successful' }]);
  expect((await post('/auth/login', { email, password: PASSWORD })).status).toBe(401);
  expect((await post('/auth/login', { email, password: NEW_PASSWORD })).status).toBe(202);
});

it('changes the names that are sent, clears those that are null, and ignores what it does not know', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  const put = (body: unknown) => rest(app, 'PUT', '/auth/profile', body, { token });
  await put({ first_name: 'Ada', last_name: 'Byron' });

  const changed = await put({ last_name: null, role: 'ADMIN', email: 'x@example.com', id: '1' });
  expect([changed.status, changed.body]).toEqual([
    200,
    expect.objectContaining({
      first_name: 'Ada',
      last_name: null,
      role: 'USER',
      email: ada.email,
    }),
  ]);
});

it('accepts a code as a JSON number, and restores leading zeros', async () => {
  // One code in ten begins with a zero.
  for (const attempt of Array(60).keys()) {
    const ada = new Person(app);
    await ada.requestOtp();
    const code = await ada.code();
    if (!code.startsWith('0') && attempt < 59) continue;
    const { email } = ada;
    const entered = await rest(app, 'POST', '/auth/otp/verify', { email, otp: Number(code) });
    expect(entered.status).toBe(200);
    return;
  }
});

it('shares codes, tokens and rate limits with GraphQL', async () => {
  const ada = new Person(app);
  const { post } = caller(ada);
  const { email } = ada;
  await ada.requestOtp();
  const entered = await post('/auth/otp/verify', { email, otp: await ada.code() });
  expect((await ada.me(entered.body.access as string)).data?.me.email).toBe(email);

  const other = new Person(app, email, newClient());
  const wrong = { email, password: 'not-the-password' };
  const guess = () => rest(app, 'POST', '/auth/login', wrong, { from: other.from });
  for (const _ of Array(3)) await guess();
  for (const _ of Array(2)) await other.login(wrong.password);
  expect((await guess()).status).toBe(423);
  expect((await other.login(wrong.password)).code).toBe('LOCKED');
});
