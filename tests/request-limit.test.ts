import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';

const app = useApp({ LIMIT_REQUESTS: '20/60' });

it('limits the requests of a client per minute, for all routes together', async () => {
  const from = newClient();
  const me = () => app.fetch('/api/v1/auth/me', { from });
  const typename = () => app.graphql('{ __typename }', {}, { from });
  for (const _ of Array(10)) {
    expect((await me()).status).toBe(401);
    expect((await typename()).status).toBe(200);
  }

  const refused = await me();
  expect([refused.status, JSON.parse(refused.text)]).toEqual([
    429,
    {
      type: `${app.url}/problems/rate-limited`,
      title: 'Too many requests',
      status: 429,
      detail: 'Too many requests from this IP (LIMIT_REQUESTS, 20/60 in development)',
      code: 'RATE_LIMITED',
      retry_after: expect.any(Number),
    },
  ]);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
  const answer = await typename();
  expect([answer.status, answer.errors]).toEqual([
    429,
    [
      {
        message: 'Too many requests from this IP (LIMIT_REQUESTS, 20/60 in development)',
        extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) },
      },
    ],
  ]);
  expect(answer.headers['retry-after']).toBeDefined();
});

it('counts neither health probes nor other clients', async () => {
  const from = newClient();
  for (const _ of Array(30)) expect((await app.fetch('/healthz', { from })).status).toBe(200);
  expect((await app.fetch('/api/v1/auth/me', { from })).status).toBe(401);
});
