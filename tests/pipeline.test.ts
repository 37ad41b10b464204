import { expect, it, onTestFinished, vi } from 'vitest';
import { useApp } from './support/app.ts';

const app = useApp();

it('closes the connection and logs the cause if a request fails without a response', async () => {
  const consume = vi
    .spyOn(app.runtime.clientRateLimits.requests, 'consume')
    .mockImplementationOnce(() => {
      throw new TypeError('a fault with a secret');
    });
  onTestFinished(() => consume.mockRestore());
  await expect(app.fetch('/api/v1/auth/me')).rejects.toMatchObject({ code: 'ECONNRESET' });
  const line = await app.eventually(() =>
    app.logLines.find((line) => line.includes('Request failed before a response')),
  );
  expect(JSON.parse(line)).toMatchObject({ level: 50, error: 'TypeError' });
  expect(JSON.parse(line).requestId).toMatch(/^[\w-]{36}$/);
  expect(line).not.toContain('secret');
  expect((await app.fetch('/api/v1/auth/me')).status).toBe(401);
});
