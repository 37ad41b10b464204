import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { CookieClient, OWN, transports } from './support/cookie-client.ts';
import { Person } from './support/flow.ts';

const SIBLING = 'https://app.example.com';
const FOREIGN = 'https://app.example.org';
const app = useApp({
  PUBLIC_URL: OWN,
  ALLOWED_HOSTS: 'auth.example.com,auth.example.net,internal,127.0.0.1',
  CORS_ORIGINS: `${SIBLING},http://plain.example.com,${FOREIGN},https://*.example.com`,
});

const operations = ['verifyOtp', 'refreshTokens', 'logout'] as const;
const cases = transports.flatMap((transport) =>
  operations.map((operation) => ({ transport, operation })),
);

describe.each(cases)('$operation over $transport', ({ transport, operation }) => {
  const attempt = async (headers: Record<string, string | undefined>) => {
    const client = new CookieClient(app, transport, new Person(app));
    const { access } = await client.signIn();
    const { email } = client.person;
    const input = operation === 'verifyOtp' ? { email, otp: '000000' } : {};
    const answer = await client.ask(operation, input, { headers });
    return { ...answer, isAlive: (await client.person.me(access)).code === undefined };
  };
  const rejected = { status: 403, code: 'FORBIDDEN', isAlive: true, setCookie: undefined };

  it.each([
    ['no origin', { origin: undefined, 'sec-fetch-site': undefined }],
    ['an opaque origin', { origin: 'null' }],
    ['an origin on another site', { origin: FOREIGN, 'sec-fetch-site': undefined }],
    ['another site, whatever the origin', { 'sec-fetch-site': 'cross-site' }],
    ['an origin that only a wildcard allows', { origin: 'https://evil.example.com' }],
    ['the own host over plain HTTP', { origin: 'http://auth.example.com' }],
    ['an allowed origin over plain HTTP', { origin: 'http://plain.example.com' }],
    ['the own host on another port', { origin: 'https://auth.example.com:8443' }],
    ['a prefix of an origin', { origin: `${OWN}.evil.test` }],
    ['a forwarded host', { origin: 'https://evil.test', 'x-forwarded-host': 'evil.test' }],
  ])('rejects %s, before anything runs', async (_case, headers) => {
    const { text, ...answer } = await attempt(headers);
    expect(answer).toMatchObject(rejected);
    expect(text).not.toContain('evil');
  });

  it.each([
    ['a page of the own host', {}],
    ['an allowed origin of the site', { origin: SIBLING, 'sec-fetch-site': 'same-site' }],
    ['a browser without Sec-Fetch-Site', { origin: SIBLING, 'sec-fetch-site': undefined }],
    [
      'another host of the service',
      { origin: 'https://auth.example.net', host: 'auth.example.net' },
    ],
    ['a proxy that rewrites the host', { host: 'internal:8000' }],
  ])('accepts %s', async (_case, headers) => {
    const { code } = await attempt(headers);
    expect(code).toBe(operation === 'verifyOtp' ? 'INVALID_OTP' : undefined);
  });

  it('rejects other values of the header', async () => {
    for (const value of ['', 'Cookie', 'cookie, cookie', 'token']) {
      const { status, code, isAlive } = await attempt({ 'gatehouse-session': value });
      expect([status, code, isAlive]).toEqual([400, 'BAD_REQUEST', true]);
    }
  });
});
