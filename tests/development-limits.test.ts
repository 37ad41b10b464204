import { describe, expect, it } from 'vitest';
import { limitHint, readConfig } from '#src/config/load-config.ts';
import { type Setting, settings } from '#src/config/settings.ts';
import { newAddress, newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { production as productionMode } from './support/production.ts';
import { rest } from './support/rest.ts';

const given = {
  DATABASE_URL: 'postgres://a:b@db/gatehouse',
  REDIS_URL: 'redis://cache:6379/0',
  SECRET_KEY: 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s',
  SMTP_URL: 'smtp://mail:25',
  MAIL_FROM: 'no-reply@example.com',
  PUBLIC_URL: 'https://auth.example.com',
};
const production = readConfig(given, 'production');

/** Returns the limits on attempts in a configuration, by variable. */
const limitsOf = (config: object) =>
  Object.fromEntries(
    Object.entries<Setting>(settings).flatMap(([key, { variable }]) => {
      const value: unknown = config[key as keyof typeof config];
      return typeof value === 'object' && value && 'seconds' in value ? [[variable, value]] : [];
    }),
  ) as Record<string, { max: number; seconds: number }>;

it('allows 20 times as many requests and mails in development, and as many wrong guesses', () => {
  const usual = limitsOf(production);
  const widened = Object.entries(limitsOf(readConfig(given, 'development'))).map(
    ([variable, { max, seconds }]) => {
      expect(seconds).toBe(usual[variable]?.seconds);
      return [variable, max / (usual[variable]?.max ?? 0)];
    },
  );
  expect(widened.length).toBeGreaterThan(12);
  expect(widened).toEqual(
    widened.map(([variable]) => [variable, /_WRONG_/.test(String(variable)) ? 1 : 20]),
  );
});

it('does not widen a limit that is set', () => {
  const variables = { ...given, LIMIT_LOGIN: '7/60' };
  expect(readConfig(variables, 'development').logins).toEqual({ max: 7, seconds: 60 });
});

it('names the setting of a limit in development only', () => {
  expect(limitHint(readConfig(given, 'development'), 'wrongCodes')).toBe(
    ' (LIMIT_WRONG_CODES, 5/900 in development)',
  );
  for (const limit of Object.keys(settings)) expect(limitHint(production, limit)).toBe('');
});

describe('a rejection in development', () => {
  const app = useApp({
    LIMIT_MAILED_CODES: '2/600',
    LIMIT_REGISTER: '2/60',
    LIMIT_REQUESTS: '40/60',
  });

  interface Case {
    readonly text: string;
    /** Runs until it is refused. */
    graphql(person: Person): Promise<{ errors: { message: string }[] }>;
    readonly path: string;
    readonly body: object;
  }
  const cases: Case[] = [
    {
      text: 'Too many requests for this email (LIMIT_MAILED_CODES, 2/600 in development)',
      graphql: (person) => person.requestOtp(),
      path: '/auth/otp/request',
      body: {},
    },
    {
      text: 'Too many requests from this IP (LIMIT_REGISTER, 2/60 in development)',
      graphql: (person) => person.register(),
      path: '/auth/register',
      body: { password: 'wool-lantern-73' },
    },
    {
      text: 'Too many failed attempts, account locked (LIMIT_WRONG_CODES, 5/900 in development)',
      graphql: (person) => person.verifyOtp('000000'),
      path: '/auth/otp/verify',
      body: { otp: '000000' },
    },
    {
      text: 'Too many failed attempts, account locked (LIMIT_WRONG_PASSWORDS, 5/900 in development)',
      graphql: (person) => person.login('not-the-one'),
      path: '/auth/login',
      body: { password: 'not-the-one' },
    },
  ];

  it.each(cases)('says: $text', async ({ text, graphql, path, body }) => {
    const ada = new Person(app, newAddress(), newClient());
    let answer = await graphql(ada);
    for (let i = 0; i < 5; i += 1) answer = await graphql(ada);
    expect(answer.errors[0]?.message).toBe(text);

    const input = { email: ada.email, ...body };
    const refused = await rest(app, 'POST', path, input, { from: ada.from });
    expect(refused.body.detail).toBe(text);
  });

  it('names the limit of all requests too', async () => {
    const from = newClient();
    const text = 'Too many requests from this IP (LIMIT_REQUESTS, 40/60 in development)';
    for (let i = 0; i < 40; i += 1) await app.fetch('/api/v1/auth/me', { from });
    const refused = await app.fetch('/api/v1/auth/me', { from });
    expect(JSON.parse(refused.text).detail).toBe(text);
    expect((await app.graphql('{ __typename }', {}, { from })).errors[0]?.message).toBe(text);
  });
});

describe('a rejection in production', () => {
  const app = useApp({ ...productionMode, LIMIT_REGISTER: '1/60', LIMIT_REQUESTS: '20/60' });

  it('names no setting', async () => {
    const ada = new Person(app);
    const answers = [];
    for (let i = 0; i < 8; i += 1) answers.push(await ada.register());
    for (let i = 0; i < 20; i += 1) answers.push(await ada.login('not-the-one'));
    const messages = new Set(answers.flatMap(({ errors }) => errors.map(({ message }) => message)));
    expect(messages).toContain('Too many requests from this IP');
    expect(messages).toContain('Too many failed attempts, account locked');
    expect([...messages].join()).not.toMatch(/LIMIT_|development/);
  });
});
