import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';

const ORIGIN = 'https://app.example.com';
const listed = useApp({ CORS_ORIGINS: ORIGIN, LIMIT_REQUESTS: '40/60' });
const closed = useApp();

const places = ['/api/v1/auth/login', '/graphql'];

const preflight = (path: string, origin: string) =>
  listed.fetch(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

it.each(places)('lets pages of a listed origin call %s', async (path) => {
  const { status, headers } = await preflight(path, ORIGIN);
  expect(status).toBe(204);
  expect(headers['access-control-allow-origin']).toBe(ORIGIN);
  expect(headers['access-control-allow-methods']).toContain('POST');
  expect(headers['access-control-allow-headers']).toContain('authorization');
  expect(headers['access-control-allow-credentials']).toBeUndefined();

  const answer = await listed.fetch(path, { method: 'POST', headers: { origin: ORIGIN } });
  expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN);
});

it.each(places)('lets them read how to go on from %s, also when they are refused', async (path) => {
  const from = newClient();
  const ask = () => listed.fetch(path, { method: 'POST', headers: { origin: ORIGIN }, from });
  let answer = await ask();
  while (answer.status !== 429) answer = await ask();

  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': ORIGIN,
    'access-control-expose-headers': 'retry-after, ratelimit, ratelimit-policy, x-request-id',
    'retry-after': expect.any(String),
    vary: 'origin',
  });
});

it('answers an OPTIONS that is no preflight with what is allowed', async () => {
  const { status, headers } = await listed.fetch('/api/v1/auth/me', { method: 'OPTIONS' });
  expect([status, headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
});

it.each(places)('tells pages of another origin nothing at %s', async (path) => {
  for (const origin of ['https://evil.test', 'null', `${ORIGIN}.evil.test`]) {
    const answers = [
      await preflight(path, origin),
      await listed.fetch(path, { method: 'POST', headers: { origin } }),
    ];
    for (const { headers } of answers) {
      expect([undefined, ORIGIN]).toContain(headers['access-control-allow-origin']);
    }
  }
});

it.each(places)('tells nobody anything at %s where no origin is listed', async (path) => {
  const { headers } = await closed.fetch(path, { method: 'POST', headers: { origin: ORIGIN } });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});
