import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { rest } from './support/rest.ts';

const app = useApp();

/** Returns the same user at another client. */
const elsewhere = (person: Person) => new Person(app, person.email, newClient());

async function signedInTwice() {
  const laptop = new Person(app);
  const first = await laptop.signIn();
  const phone = elsewhere(laptop);
  app.clock.advance({ seconds: 5 });
  const second = await phone.signIn();
  return { laptop, phone, first, second };
}

const sessionOf = ({ accessToken }: { accessToken: string }): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid;

it('lists the active sessions of the user, and marks the current one', async () => {
  const { laptop, phone, first, second } = await signedInTwice();
  await new Person(app).signIn();

  const { data } = await laptop.sessions(first.accessToken);
  const at = expect.stringMatching(/^\d{4}-.+Z$/);
  const shown = { createdAt: at, lastUsedAt: at, expiresAt: at, userAgent: '' };
  expect(data?.sessions).toEqual([
    { id: sessionOf(second), ipAddress: phone.from, current: false, ...shown },
    { id: sessionOf(first), ipAddress: laptop.from, current: true, ...shown },
  ]);
  const answer = await rest(app, 'GET', '/auth/sessions', undefined, { token: second.accessToken });
  expect(JSON.parse(answer.text)).toEqual([
    expect.objectContaining({ id: sessionOf(second), ip_address: phone.from, current: true }),
    expect.objectContaining({ id: sessionOf(first), created_at: at, current: false }),
  ]);
});

it('ends another session of the user immediately', async () => {
  const { laptop, phone, first, second } = await signedInTwice();
  const ended = await laptop.revokeSession(first.accessToken, sessionOf(second));

  expect(ended.data?.revokeSession).toEqual({
    detail: 'Session ended',
    ids: [sessionOf(second)],
  });
  expect((await phone.me(second.accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await phone.refresh(second.refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await laptop.me(first.accessToken)).data?.me.email).toBe(laptop.email);
  const event = await app.eventually(async () =>
    (await laptop.events()).find(({ event }) => event === 'SESSION_REVOKED'),
  );
  expect(event.metadata).toEqual({ sessionId: sessionOf(second) });
});

it('responds in the same way for foreign, ended and unknown sessions', async () => {
  const { laptop, first, second } = await signedInTwice();
  const other = await new Person(app).signIn();
  await laptop.revokeSession(first.accessToken, sessionOf(second));

  const ids = [sessionOf(other), sessionOf(second), 'no-such-id', "' or 1=1 --", ''];
  for (const id of ids) {
    const answer = await laptop.revokeSession(first.accessToken, id);
    expect(answer.errors[0]).toMatchObject({
      message: 'Session not found',
      extensions: { code: 'NOT_FOUND' },
    });
  }
  expect((await laptop.me(other.accessToken)).code).toBeUndefined();
  const path = `/auth/sessions/${sessionOf(other)}`;
  const answer = await rest(app, 'DELETE', path, undefined, { token: first.accessToken });
  expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
});

it('ends all sessions except the current one', async () => {
  const { laptop, phone, first, second } = await signedInTwice();
  const third = await elsewhere(laptop).signIn();
  const path = '/auth/sessions/revoke-others';
  const answer = await rest(app, 'POST', path, undefined, { token: second.accessToken });

  const ids = [sessionOf(first), sessionOf(third)].sort();
  expect([answer.status, answer.body]).toEqual([200, { detail: 'Other sessions ended', ids }]);
  for (const { accessToken } of [first, third]) {
    expect((await laptop.me(accessToken)).code).toBe('UNAUTHENTICATED');
  }
  expect((await phone.sessions(second.accessToken)).data?.sessions).toHaveLength(1);
  await app.eventually(async () => {
    const events = (await laptop.events()).filter(({ event }) => event === 'SESSION_REVOKED');
    return events.length === 2;
  });
});

it('keeps twenty sessions: one more ends the oldest', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const oldest = sessionOf({ accessToken });
  await app.sql(
    `insert into sessions (id, account_id, live_token_hash, created_at, last_used_at,
       idle_expires_at, expires_at, ip_address, client, user_agent)
     select gen_random_uuid(), account_id, 'hash ' || n || id, created_at + n * interval '1 second',
       last_used_at, idle_expires_at, expires_at, ip_address, client, user_agent
     from sessions, generate_series(1, 19) n where id = ?`,
    [oldest],
  );
  expect((await ada.sessions(accessToken)).data?.sessions).toHaveLength(20);

  app.clock.advance({ seconds: 60 });
  const newest = await elsewhere(ada).signIn();
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  const { data } = await ada.sessions(newest.accessToken);
  expect(data?.sessions).toHaveLength(20);
  const event = await app.eventually(async () =>
    (await ada.events()).find(({ event }) => event === 'SESSION_REVOKED'),
  );
  expect(event.metadata).toEqual({ sessionId: oldest, by: 'limit' });
});

it('requires an access token for each session operation', async () => {
  const ada = new Person(app);
  const answers = [
    await ada.sessions(''),
    await ada.revokeSession('', 'x'),
    await ada.revokeOtherSessions(''),
    await ada.changePassword('', { currentPassword: 'x', newPassword: 'y' }),
  ];
  expect(answers.map(({ code }) => code)).toEqual(Array(4).fill('UNAUTHENTICATED'));
});

it('rejects impossible ids as bad input', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  for (const id of ['a\0b', 'x'.repeat(101)]) {
    expect((await ada.revokeSession(accessToken, id)).errors[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      fields: { id: ['Not a valid session ID.'] },
    });
  }
});

it("ends no other session if the caller's session ended while the request waited", async () => {
  const { laptop, phone, first, second } = await signedInTwice();
  const answers = await Promise.all([
    laptop.revokeSession(first.accessToken, sessionOf(second)),
    phone.revokeSession(second.accessToken, sessionOf(first)),
  ]);
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([undefined, 'UNAUTHENTICATED']));
  const [grace, lin] = [new Person(app), new Person(app)];
  for (const person of [grace, lin]) {
    const [one, two] = [await person.signIn(), await person.signIn()];
    await Promise.all([one, two].map(({ accessToken }) => person.revokeOtherSessions(accessToken)));
    const known = await Promise.all([one, two].map(({ accessToken }) => person.me(accessToken)));
    expect(known.filter(({ data }) => data?.me)).toHaveLength(1);
  }
});
