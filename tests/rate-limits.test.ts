import { describe, expect, it } from 'vitest';
import { newAddress, newClient, useApp } from './support/app.ts';
import { Person, wrongCode } from './support/flow.ts';

const count = <T>(items: readonly T[], item: T) => items.filter((each) => each === item).length;

describe('per address', () => {
  const app = useApp();

  it('mails at most 5 codes of a purpose in 10 minutes, and says how long to wait', async () => {
    const ada = new Person(app);
    for (let i = 0; i < 5; i += 1) expect((await ada.requestOtp()).code).toBeUndefined();
    const refused = await new Person(app, ada.email).requestOtp();

    expect(refused.code).toBe('RATE_LIMITED');
    const { retryAfter } = refused.errors[0]?.extensions ?? {};
    expect(retryAfter).toBeGreaterThan(595);
    expect(retryAfter).toBeLessThanOrEqual(600);
    expect(refused.headers['retry-after']).toBe(String(retryAfter));
    // Another purpose has its own rate limit.
    expect((await ada.forgotPassword()).code).toBeUndefined();
    await ada.code(5);
    expect(ada.mails()).toHaveLength(5);
  });

  it('reports the remaining time of a window in seconds, and ends it by itself', async () => {
    const { redis } = app.runtime;
    const ada = new Person(app);
    for (let i = 0; i < 5; i += 1) await ada.requestOtp();
    const [seconds, microseconds] = await redis.time();
    const end = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000) + 1200;
    for (const key of await redis.keys('address:*')) {
      const field = 'mailedCodes SIGN_IN unknown';
      if (await redis.hexists(key, field)) await redis.hset(key, field, `5 ${end} shared`);
    }
    const refused = await ada.requestOtp();
    expect(refused.errors[0]?.extensions.retryAfter).toBe(2);
    await app.eventually(async () => Number((await redis.time())[0]) * 1000 > end);

    expect((await ada.requestOtp()).code).toBeUndefined();
  });

  it('compares exactly 5 of 50 concurrent wrong codes, and then not the right one', async () => {
    const ada = new Person(app);
    const { challengeId } = (await ada.requestOtp()).data?.requestOtp ?? {};
    const code = await ada.code();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        ada.verifyOtp(wrongCode(code), i % 2 ? challengeId : undefined),
      ),
    );

    const codes = answers.map((answer) => answer.code);
    expect([count(codes, 'INVALID_OTP'), count(codes, 'LOCKED')]).toEqual([5, 45]);
    const locked = await ada.verifyOtp(code, challengeId);
    expect(locked.errors[0]).toMatchObject({
      message: 'Too many failed attempts, account locked (LIMIT_WRONG_CODES, 5/900 in development)',
      extensions: { code: 'LOCKED' },
    });
    const { unlockIn } = locked.errors[0]?.extensions ?? {};
    expect(unlockIn).toBeGreaterThan(895);
    expect(unlockIn).toBeLessThanOrEqual(900);
    // Other addresses are not locked.
    expect((await new Person(app, ada.email).verifyOtp(code)).code).toBeUndefined();
  });

  it('rejects a request with several guesses before any comparison, whatever their aliases', async () => {
    const ada = new Person(app);
    await ada.requestOtp();
    const wrong = wrongCode(await ada.code());
    const guess = `verifyOtp(input: { email: "${ada.email}", otp: "${wrong}" }) { tokenType }`;
    const guesses = (max: number) => Array.from({ length: max }, (_, i) => `g${i}: ${guess}`);
    for (const query of [
      `mutation { ${guesses(2).join(' ')} }`,
      `mutation { ${guesses(40).join(' ')} }`,
      `mutation { ...A ...B } ${guesses(2)
        .map((each, i) => `fragment ${'AB'[i]} on Mutation { ${each} }`)
        .join(' ')}`,
      `mutation { ${guesses(2)
        .map((each) => `... on Mutation { ${each} }`)
        .join(' ')} }`,
    ]) {
      const answer = await app.graphql(query, {}, { from: ada.from });
      expect(answer.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }

    for (let left = 5; left > 0; left -= 1) {
      expect((await ada.verifyOtp(wrong)).code).toBe('INVALID_OTP');
    }
    expect((await ada.verifyOtp(wrong)).code).toBe('LOCKED');
  });

  it('counts wrong codes over all purposes, and refunds them on success', async () => {
    const ada = new Person(app);
    await ada.requestOtp();
    const code = await ada.code();
    for (let i = 0; i < 2; i += 1) await ada.verifyOtp(wrongCode(code));
    for (let i = 0; i < 2; i += 1) await ada.resetPassword('000000', 'amber-compass-91');
    expect((await ada.verifyOtp(code)).code).toBeUndefined();
    for (let i = 0; i < 5; i += 1) expect((await ada.verifyOtp('000000')).code).toBe('INVALID_OTP');
    expect((await ada.resetPassword('000000', 'amber-compass-91')).code).toBe('LOCKED');
  });

  it('compares 5 wrong passwords of a client, and then not the right one either', async () => {
    const ada = new Person(app);
    await ada.register();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ada.login('not-the-one')));
    const codes = answers.map((answer) => answer.code);

    expect([count(codes, 'INVALID_CREDENTIALS'), count(codes, 'LOCKED')]).toEqual([5, 15]);
    expect((await ada.login()).code).toBe('LOCKED');
    expect((await new Person(app, ada.email).login()).code).toBeUndefined();
  });

  it('refunds wrong passwords after the right one, also past the limit of mailed codes', async () => {
    const ada = new Person(app);
    await ada.register();
    for (let round = 0; round < 6; round += 1) {
      for (let i = 0; i < 3; i += 1) await ada.login('not-the-one');
      const right = await ada.login();
      // The registration was mailed the first of five codes.
      expect(right.code).toBe(round < 4 ? undefined : 'RATE_LIMITED');
    }
  });

  it('records a right password also past the limit of mailed codes', async () => {
    const ada = new Person(app);
    await ada.register();
    for (let i = 0; i < 4; i += 1) await ada.requestOtp();
    expect((await ada.login()).code).toBe('RATE_LIMITED');
    const event = await app.eventually(async () =>
      (await ada.events()).find((each) => each.event === 'LOGIN_SUCCEEDED'),
    );
    expect(event.metadata).toEqual({ mailed: false });
  });

  it('consumes the limit of mailed codes only after the password matched', async () => {
    const ada = new Person(app);
    await ada.register();
    for (let i = 0; i < 4; i += 1) await ada.login('not-the-one');
    for (let i = 0; i < 4; i += 1) expect((await ada.login()).code).toBeUndefined();
  });

  it('locks an address without an account like one with an account', async () => {
    const nobody = new Person(app);
    for (let i = 0; i < 5; i += 1) {
      expect((await nobody.login('not-the-one')).code).toBe('INVALID_CREDENTIALS');
      expect((await nobody.verifyOtp('000000')).code).toBe('INVALID_OTP');
    }
    expect((await nobody.login('not-the-one')).code).toBe('LOCKED');
    expect((await nobody.verifyOtp('000000')).code).toBe('LOCKED');
  });

  it('records a lock once per rate limit, client and window', async () => {
    const ada = new Person(app);
    await Promise.all(Array.from({ length: 12 }, () => ada.verifyOtp('000000')));
    await Promise.all(Array.from({ length: 12 }, () => ada.login('not-the-one')));
    for (let i = 0; i < 6; i += 1) await ada.requestOtp();
    const names = await app.eventually(async () => {
      const events = (await ada.events()).map(({ event }) => event);
      return events.includes('RATE_LIMITED') && events.length === 18 && events;
    });

    expect(names.filter((name) => /LOCKED|LIMITED/.test(name)).sort()).toEqual([
      'LOGIN_LOCKED',
      'OTP_LOCKED',
      'RATE_LIMITED',
    ]);
  });

  it('stores no address in Redis', async () => {
    const keys = await app.runtime.redis.keys('*');
    expect(keys.some((key) => key.startsWith('address:'))).toBe(true);
    expect(keys.filter((key) => key.includes('@') || key.includes('person-'))).toEqual([]);
  });
});

describe('per client', () => {
  const app = useApp({
    LIMIT_CODE_REQUESTS: '4/60',
    LIMIT_REGISTER: '3/60',
    LIMIT_LOGIN: '3/60',
    LIMIT_VERIFY_OTP: '3/60',
    LIMIT_RESET_PASSWORD: '3/60',
    LIMIT_REFRESH: '3/60',
  });

  it.each<[string, number, (person: Person) => Promise<{ code: unknown; headers: object }>]>([
    ['register', 3, (person) => person.register()],
    ['login', 3, (person) => person.login()],
    ['requestOtp', 4, (person) => person.requestOtp()],
    ['forgotPassword', 4, (person) => person.forgotPassword()],
    ['verifyOtp', 3, (person) => person.verifyOtp('000000')],
    ['resetPassword', 3, (person) => person.resetPassword('000000', 'amber-compass-91')],
    ['refreshTokens', 3, (person) => person.refresh('a.b.c')],
  ])('allows %s %i times, for any number of concurrent requests', async (_name, max, act) => {
    const from = newClient();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => act(new Person(app, newAddress(), from))),
    );
    const refused = answers.filter(({ code }) => code === 'RATE_LIMITED');

    expect(refused).toHaveLength(12 - max);
    expect(refused[0]?.headers).toMatchObject({
      'retry-after': expect.stringMatching(/^(59|60)$/),
    });
    const elsewhere = await act(new Person(app));
    expect(elsewhere.code).not.toBe('RATE_LIMITED');
  });

  it('counts requestOtp and forgotPassword together', async () => {
    const from = newClient();
    for (let i = 0; i < 4; i += 1) {
      const person = new Person(app, newAddress(), from);
      expect((await (i % 2 ? person.forgotPassword() : person.requestOtp())).code).toBeUndefined();
    }
    const next = new Person(app, newAddress(), from);
    expect((await next.requestOtp()).code).toBe('RATE_LIMITED');
    expect((await next.forgotPassword()).code).toBe('RATE_LIMITED');
  });

  it('does not count invalid input', async () => {
    const from = newClient();
    for (let i = 0; i < 6; i += 1) {
      expect((await new Person(app, 'no address', from).login()).code).toBe('BAD_USER_INPUT');
    }
    expect((await new Person(app, newAddress(), from).login()).code).toBe('INVALID_CREDENTIALS');
  });
});
