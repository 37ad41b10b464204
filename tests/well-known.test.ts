import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { startSecondServer } from './support/second-server.ts';

const closed = useApp();
const open = useApp({
  PUBLIC_URL: 'https://auth.example.com/',
  SECURITY_CONTACT: 'mailto:security@example.com',
  CHANGE_PASSWORD_URL: 'https://app.example.com/settings?tab=password#new',
});

describe('security.txt', () => {
  const path = '/.well-known/security.txt';

  it('names the security contact, its own URL, and an expiry within a year', async () => {
    const { status, headers, text } = await open.fetch(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    const [contact, expires = '', ...rest] = text.split('\n');
    expect([contact, ...rest]).toEqual([
      'Contact: mailto:security@example.com',
      'Canonical: https://auth.example.com/.well-known/security.txt',
      '',
    ]);
    const [, end = ''] = /^Expires: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z)$/.exec(expires) ?? [];
    const days = (Date.parse(end) - open.clock.now().getTime()) / 86_400_000;
    expect(days).toBeGreaterThan(150);
    expect(days).toBeLessThan(365);
  });

  it('contains no canonical URL without HTTPS', async () => {
    const server = await startSecondServer(open, { publicUrl: 'http://auth.example.com' });
    expect((await server.fetch(path)).text).toMatch(/^Contact: .+\nExpires: .+\n$/);
  });

  it('extends its expiry the next day', async () => {
    const before = (await open.fetch(path)).text;
    open.clock.advance({ seconds: 86_400 });
    expect((await open.fetch(path)).text).not.toBe(before);
  });
});

it('redirects password managers to the page for changing a password', async () => {
  const { status, headers } = await open.fetch('/.well-known/change-password');
  expect([status, headers.location]).toEqual([
    302,
    'https://app.example.com/settings?tab=password#new',
  ]);
});

it.each(['security.txt', 'change-password'])(
  'responds 404 to %s if it is not configured',
  async (name) => {
    const { status, headers } = await closed.fetch(`/.well-known/${name}`);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  },
);

it('rejects POST to security.txt and change-password', async () => {
  for (const name of ['security.txt', 'change-password']) {
    const { status, headers } = await open.fetch(`/.well-known/${name}`, { method: 'POST' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  }
});

it('responds 404 to unknown well-known paths', async () => {
  const name = 'resource-that-should-not-exist-whose-status-code-should-not-be-200';
  expect((await open.fetch(`/.well-known/${name}`)).status).toBe(404);
});
