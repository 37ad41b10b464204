import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';

const app = useApp();

it.each(['/api/v1/auth/me', '/graphql', '/healthz', '/nothing', '/.well-known/jwks.json'])(
  'tells browsers to sniff, frame and load nothing at %s',
  async (path) => {
    const { headers } = await app.fetch(path);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  },
);

it.each(['/', '/api/docs/', '/inbox', '/problems'])(
  'lets the page %s load its own',
  async (path) => {
    const { headers } = await app.fetch(path, { headers: { accept: 'text/html' } });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*style-src/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  },
);
