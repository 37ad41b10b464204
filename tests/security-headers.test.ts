import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';

const app = useApp();
const secure = useApp({ PUBLIC_URL: 'https://auth.example.com' });

const places = ['/api/v1/auth/me', '/graphql', '/healthz', '/nothing', '/.well-known/jwks.json'];

it.each(places)('forbids browsers to sniff, frame and load anything at %s', async (path) => {
  const { headers } = await app.fetch(path);
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(headers).not.toHaveProperty('server');
});

it.each(places)('requires HTTPS at %s if PUBLIC_URL does', async (path) => {
  const { headers } = await secure.fetch(path);
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  expect((await app.fetch(path)).headers).not.toHaveProperty('strict-transport-security');
});

it.each(['/', '/api/docs/', '/inbox', '/problems'])(
  'allows the page %s to load its own files',
  async (path) => {
    const { headers } = await app.fetch(path, { headers: { accept: 'text/html' } });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*style-src/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  },
);
