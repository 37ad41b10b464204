import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { postForm } from './support/oauth.ts';

const app = useApp();

const revoke = (form: Record<string, string>, headers = {}) =>
  postForm(app, 'revoke', form, { headers });

it.each(['accessToken', 'refreshToken'] as const)(
  'ends the session of an %s, and records one logout',
  async (kind) => {
    const ada = new Person(app);
    const tokens = await ada.signIn();
    const other = await ada.signIn();
    for (const hint of ['access_token', 'refresh_token']) {
      const { status, text } = await revoke({ token: tokens[kind], token_type_hint: hint });
      expect([status, text]).toEqual([200, '']);
    }
    expect((await ada.me(tokens.accessToken)).code).toBe('UNAUTHENTICATED');
    expect((await ada.refresh(tokens.refreshToken)).code).toBe('INVALID_TOKEN');
    expect((await ada.me(other.accessToken)).code).toBeUndefined();
    await app.auditWritten();
    const events = (await ada.events()).map(({ event }) => event);
    expect(events.filter((event) => event === 'LOGGED_OUT')).toHaveLength(1);
    expect(events).not.toContain('TOKEN_REUSED');
  },
);

it('ends the session of a used refresh token', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const child = (await ada.refresh(refreshToken)).data?.refreshTokens.accessToken ?? '';
  expect((await revoke({ token: refreshToken, client_id: 'gatehouse' })).status).toBe(200);
  expect((await ada.me(child)).code).toBe('UNAUTHENTICATED');
});

it('responds alike to invalid tokens', async () => {
  const { accessToken } = await new Person(app).signIn();
  for (const token of ['a.b.c', `${accessToken}x`, 'x'.repeat(90_000)]) {
    expect((await revoke({ token })).status).toBe(200);
  }
});

it('ignores the bearer token and cookies of the request', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  const headers = {
    authorization: `Bearer ${accessToken}`,
    cookie: `__Host-gatehouse=${refreshToken}`,
    'gatehouse-session': 'cookie',
  };
  expect((await revoke({ token: 'a.b.c' }, headers)).status).toBe(200);
  expect((await revoke({}, headers)).body.error).toBe('invalid_request');
  expect((await ada.me(accessToken)).code).toBeUndefined();
});

it('rejects another client, secrets, repeated parameters and other content types', async () => {
  const token = 'a.b.c';
  expect((await revoke({ token, client_id: 'other' })).body.error).toBe('invalid_client');
  const header = { authorization: `Basic ${btoa('gatehouse:x')}` };
  expect((await revoke({ token }, header)).status).toBe(401);
  expect((await postForm(app, 'revoke', 'token=a&token=a')).body.error).toBe('invalid_request');
  expect((await revoke({ token }, { 'content-type': 'application/json' })).status).toBe(415);
});
