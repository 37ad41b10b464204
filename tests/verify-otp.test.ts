import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, it } from 'vitest';
import { askOver } from './equivalence/either-transport.ts';
import { newAddress, useApp } from './support/app.ts';
import { PASSWORD, Person, wrongCode } from './support/flow.ts';

const app = useApp();

it('signs a registered user in with the code of the login', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const challenge = (await ada.login()).data?.login;
  const answer = await ada.verifyOtp(await ada.code(2), challenge?.challengeId);

  expect(answer.headers['cache-control']).toBe('no-store');
  const payload = answer.data?.verifyOtp;
  expect(payload).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
  expect(payload?.user).toMatchObject({ email: ada.email, emailVerified: true, hasPassword: true });
  const me = await ada.me(payload?.accessToken ?? '');
  expect(me.data?.me).toEqual(payload?.user);
});

it('signs a new user in without a password, and creates the account', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const answer = await ada.verifyOtp(await ada.code());

  expect(answer.data?.verifyOtp.user).toMatchObject({ emailVerified: true, hasPassword: false });
});

it('issues tokens with the claims of RFC 9068, and nothing secret', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();

  expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  const claims = decodeJwt(accessToken);
  expect(Object.keys(claims).sort()).toEqual([
    ...['amr', 'aud', 'auth_time', 'client_id', 'exp', 'iat', 'iss', 'jti'],
    ...['role', 'sid', 'sub'],
  ]);
  expect(claims).toMatchObject({ client_id: 'gatehouse', amr: ['otp'], role: 'USER' });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
  expect(decodeProtectedHeader(refreshToken)).toEqual({ alg: 'HS256', typ: 'rt+jwt' });
  const jwks = JSON.parse((await app.fetch('/.well-known/jwks.json')).text);
  expect(jwks.keys).toEqual([
    {
      kty: 'EC',
      crv: 'P-256',
      alg: 'ES256',
      use: 'sig',
      x: expect.any(String),
      y: expect.any(String),
      kid: decodeProtectedHeader(accessToken).kid,
    },
  ]);
});

it('redeems a code once for twenty concurrent attempts', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => new Person(app, ada.email).verifyOtp(code)),
  );

  expect(answers.filter(({ data }) => data?.verifyOtp)).toHaveLength(1);
  const codes = answers.map(({ code }) => code).filter(Boolean);
  expect(codes).toEqual(Array(19).fill('INVALID_OTP'));
});

it('rejects wrong, reused, foreign and never requested codes with the same response', async () => {
  const ada = new Person(app);
  const bob = new Person(app);
  const challengeOfAda = (await ada.requestOtp()).data?.requestOtp.challengeId;
  await bob.requestOtp();
  const code = await ada.code();
  const refusals = [
    await ada.verifyOtp(wrongCode(code)),
    await ada.verifyOtp(wrongCode(code), challengeOfAda),
    await bob.verifyOtp(wrongCode(await bob.code())),
    await bob.verifyOtp(code, challengeOfAda),
    await new Person(app, ada.email).verifyOtp(code, 'no such challenge'),
    await new Person(app, newAddress()).verifyOtp('000000'),
  ];
  expect((await ada.verifyOtp(code, challengeOfAda)).data?.verifyOtp).toBeTruthy();
  refusals.push(await ada.verifyOtp(code), await ada.verifyOtp(code, challengeOfAda));

  expect(refusals.map(({ text }) => text)).toEqual(Array(8).fill(refusals[0]?.text));
  expect(refusals[0]?.code).toBe('INVALID_OTP');
});

it('compares with the newest challenge of unknown clients, or with the given one', async () => {
  const ada = new Person(app);
  const first = (await ada.requestOtp()).data?.requestOtp.challengeId;
  const older = await ada.code(1);
  await ada.requestOtp();
  const newer = await ada.code(2);

  // One in a million times the two are the same.
  const wrongNow = older === newer ? wrongCode(newer) : older;
  expect((await ada.verifyOtp(wrongNow)).code).toBe('INVALID_OTP');
  expect((await ada.verifyOtp(older, first)).data?.verifyOtp).toBeTruthy();
  expect((await ada.verifyOtp(newer)).data?.verifyOtp).toBeTruthy();
});

const fullWidth = (code: string) =>
  code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

it.each<[string, (code: string) => string]>([
  ['outer blanks', (code) => ` ${code}\n`],
  ['a blank inside', (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ['a no-break space', (code) => `${code.slice(0, 3)}\u00a0${code.slice(3)}`],
  ['dashes', (code) => code.split('').join('-')],
  ['an en dash', (code) => `${code.slice(0, 3)}\u2013${code.slice(3)}`],
  ['zero-width characters', (code) => `\u200b${code.split('').join('\u200d')}\ufeff`],
  ['full-width digits', fullWidth],
])('takes a code with %s, over GraphQL and REST', async (_what, type) => {
  for (const transport of ['GraphQL', 'REST'] as const) {
    const ada = new Person(app);
    await ada.requestOtp();
    const input = { email: ada.email, otp: type(await ada.code()) };
    expect((await askOver(transport, app, 'verifyOtp', input)).code).toBeUndefined();
  }
});

it('rejects malformed codes as bad input, and does not count them', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  const malformed = [
    '',
    '-- --',
    '12345',
    '1234567',
    '12345a',
    '\u0661\u0662\u0663\u0664\u0665\u0666',
  ];
  for (const otp of malformed) expect((await ada.verifyOtp(otp)).code).toBe('BAD_USER_INPUT');
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
});

it('does not count a code that the same client sends again within 30 s', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  const answers = await Promise.all(Array.from({ length: 8 }, () => ada.verifyOtp(code)));
  const codes = answers.map((answer) => answer.code);
  expect(codes.filter((each) => each === undefined)).toHaveLength(1);
  expect(codes.filter((each) => each === 'INVALID_OTP')).toHaveLength(7);

  // Five wrong codes are still compared: the seven retries were not counted.
  for (const _ of Array(5)) expect((await ada.verifyOtp(wrongCode(code))).code).toBe('INVALID_OTP');
  expect((await ada.verifyOtp(wrongCode(code))).code).toBe('LOCKED');
  // The same code of another client is a guess.
  const other = new Person(app, ada.email);
  for (const _ of Array(5)) expect((await other.verifyOtp(code)).code).toBe('INVALID_OTP');
  expect((await other.verifyOtp(code)).code).toBe('LOCKED');
});

it('rejects a used code even if Redis has lost the record of its use', async () => {
  const ada = new Person(app);
  const { redis } = app.runtime;
  await ada.requestOtp();
  const code = await ada.code();
  const backup = await Promise.all(
    (await redis.keys('code:*')).map(async (key) => ({
      key,
      value: await redis.dumpBuffer(key),
      ttl: await redis.pttl(key),
    })),
  );
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
  for (const { key, value, ttl } of backup) await redis.restore(key, ttl, value, 'REPLACE');

  expect((await ada.verifyOtp(code)).code).toBe('INVALID_OTP');
});

it('expires a code after its lifetime', async () => {
  const ada = new Person(app);
  const { redis } = app.runtime;
  await ada.requestOtp();
  const code = await ada.code();
  const lifetimes = await Promise.all((await redis.keys('code:*')).map((key) => redis.ttl(key)));
  expect(Math.min(...lifetimes)).toBeGreaterThan(0);
  expect(Math.max(...lifetimes)).toBeLessThanOrEqual(300);
  for (const key of await redis.keys('code:*')) await redis.pexpire(key, 1);
  await app.eventually(async () => (await redis.keys('code:*')).length === 0);

  expect((await ada.verifyOtp(code)).code).toBe('INVALID_OTP');
});

it('draws six digits with a uniform distribution', () => {
  const request = {
    address: newAddress(),
    purpose: 'SIGN_IN',
    client: '',
    passwordFingerprint: null,
    registration: null,
    sessionId: null,
    decoy: false,
    generation: 0,
    known: false,
  } as const;
  const codes = Array.from({ length: 300 }, () => app.runtime.codes.create(request).code);

  expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
  expect(new Set(codes).size).toBeGreaterThan(295);
  expect(new Set(codes.map((code) => code[0])).size).toBe(10);
});

it('records accepted and rejected codes, once each', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  await ada.verifyOtp(wrongCode(code));
  await ada.verifyOtp(code);

  const events = await app.eventually(async () => {
    const found = await ada.events();
    return found.length === 3 && found;
  });
  expect(events.map(({ event }) => event)).toEqual(['OTP_REQUESTED', 'OTP_FAILED', 'OTP_VERIFIED']);
  expect(events[2]).toMatchObject({ ip_address: ada.from, user_agent: '' });
});

it('keeps a password only if the code is redeemed together with it', async () => {
  const ada = new Person(app);
  await ada.register();
  await ada.code();
  const challengeId = (await ada.login()).data?.login.challengeId;
  ada.from = new Person(app).from;
  const answer = await ada.verifyOtp(await ada.code(2), challengeId);

  expect(answer.data?.verifyOtp.user.hasPassword).toBe(true);
  expect((await ada.login(PASSWORD)).code).toBeUndefined();
});

it('reveals nothing about pending challenges for an unknown challenge id', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  for (const id of ['newest:SIGN_IN', 'newest:RESET_PASSWORD', 'id:', '*', '\0']) {
    expect((await new Person(app, ada.email).verifyOtp('000000', id)).code).toBe('INVALID_OTP');
  }
});
