import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();

const eventNames = async (person: Person) => (await person.events()).map(({ event }) => event);

it('exchanges a refresh token for a new pair, and marks it as used', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const second = (await ada.refresh(first.refreshToken)).data?.refreshTokens;

  expect(second?.refreshToken).not.toBe(first.refreshToken);
  expect(second?.accessToken).not.toBe(first.accessToken);
  expect((await ada.me(second?.accessToken ?? '')).data?.me.email).toBe(ada.email);
  expect(decodeJwt(second?.refreshToken ?? '').sid).toBe(decodeJwt(first.refreshToken).sid);
});

it('returns the same child again for 10 seconds, byte for byte', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const child = (await ada.refresh(first.refreshToken)).data?.refreshTokens.refreshToken;
  app.clock.advance({ seconds: 9 });
  const again = await ada.refresh(first.refreshToken);

  expect(again.data?.refreshTokens.refreshToken).toBe(child);
  expect((await ada.refresh(child ?? '')).code).toBeUndefined();
});

/** Returns the refresh token for one that is presented after this many seconds. */
async function childAfter(person: Person, seconds: number, token: string): Promise<string> {
  app.clock.advance({ seconds });
  const { data, code } = await person.refresh(token);
  expect(code).toBeUndefined();
  return data?.refreshTokens.refreshToken ?? '';
}

it('issues a further child after 10 seconds, as long as no child is used', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const first = await childAfter(ada, 0, refreshToken);
  const second = await childAfter(ada, 3 * 86_400, refreshToken);

  expect(second).not.toBe(first);
  expect(decodeJwt(second).gen).toBe(Number(decodeJwt(first).gen) + 1);
  expect(await childAfter(ada, 9, refreshToken)).toBe(second);
  await app.eventually(async () => {
    const rows = (await ada.events()).filter(({ event }) => event === 'TOKEN_REFRESHED');
    return rows.length === 2 && rows[1]?.metadata.child === 2;
  });
});

it('issues at most five children of a parent, and then returns the fifth again', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const children: string[] = [];
  for (let count = 0; count < 8; count += 1) {
    children.push(await childAfter(ada, 11, refreshToken));
  }
  expect(new Set(children).size).toBe(5);
  expect(new Set(children.slice(4)).size).toBe(1);
});

it('accepts any child while its siblings are unused, and then invalidates the siblings', async () => {
  for (const used of [0, 1, 2]) {
    const ada = new Person(app);
    const { refreshToken } = await ada.signIn();
    const children: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      children.push(await childAfter(ada, 11, refreshToken));
    }
    const grandchild = await childAfter(ada, 60, children[used] ?? '');
    expect((await ada.refresh(children[(used + 1) % 3] ?? '')).code).toBe('INVALID_TOKEN');
    expect((await ada.refresh(grandchild)).code).toBe('INVALID_TOKEN');
    await app.eventually(async () => (await eventNames(ada)).includes('TOKEN_REUSED'));
  }
});

it('accepts no sibling after the previous release used its parent', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const older = await childAfter(ada, 0, refreshToken);
  const newer = await childAfter(ada, 11, refreshToken);
  const next = await childAfter(ada, 0, newer);
  // Written as by the previous release, which knows neither generations nor siblings.
  const { sid } = decodeJwt(newer);
  const hash = (token: string) =>
    createHash('sha256')
      .update(decodeJwt(token).jti ?? '')
      .digest('base64url');
  const siblings = JSON.stringify({ parent: hash(refreshToken), hashes: [hash(older)] });
  await app.sql('update sessions set generation = 3, older_siblings = ? where id = ?', [
    siblings,
    sid,
  ]);

  expect((await ada.refresh(older)).code).toBe('INVALID_TOKEN');
  expect((await ada.refresh(next)).code).toBe('INVALID_TOKEN');
});

it('ends a session when an invalidated sibling logs out', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const older = await childAfter(ada, 0, refreshToken);
  const used = await childAfter(ada, 0, await childAfter(ada, 11, refreshToken));

  expect((await ada.logout({ refreshToken: older })).code).toBeUndefined();
  expect((await ada.refresh(used)).code).toBe('INVALID_TOKEN');
  await app.eventually(async () => (await eventNames(ada)).includes('LOGGED_OUT'));
  expect(await eventNames(ada)).not.toContain('TOKEN_REUSED');
});

it('ends the session when a used token is presented again after its child', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const second = (await ada.refresh(first.refreshToken)).data?.refreshTokens;
  const third = (await ada.refresh(second?.refreshToken ?? '')).data?.refreshTokens;

  expect((await ada.refresh(first.refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.refresh(third?.refreshToken ?? '')).code).toBe('INVALID_TOKEN');
  expect((await ada.me(third?.accessToken ?? '')).code).toBe('UNAUTHENTICATED');
  await app.eventually(async () => (await eventNames(ada)).includes('TOKEN_REUSED'));
});

it('leaves one chain after 50 concurrent refreshes, which all get the same child', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ada.refresh(refreshToken)));

  expect(new Set(answers.map(({ data }) => data?.refreshTokens.refreshToken)).size).toBe(1);
  const child = answers[0]?.data?.refreshTokens.refreshToken ?? '';
  expect((await ada.refresh(child)).code).toBeUndefined();
});

it('expires a session after 14 idle days, and after 30 days in any case', async () => {
  const days = (count: number) => ({ seconds: count * 24 * 60 * 60 });
  const idle = await new Person(app).signIn();
  const ada = new Person(app);
  let { refreshToken } = await ada.signIn();
  for (let day = 0; day < 24; day += 12) {
    app.clock.advance(days(12));
    const answer = await ada.refresh(refreshToken);
    refreshToken = answer.data?.refreshTokens.refreshToken ?? '';
    expect(answer.code).toBeUndefined();
  }
  expect((await new Person(app).refresh(idle.refreshToken)).code).toBe('INVALID_TOKEN');
  app.clock.advance(days(7));
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
});

it('stores only the hash of a refresh token', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const { jti } = decodeJwt(refreshToken);
  const rows = JSON.stringify(await app.sql('select * from sessions'));

  expect(rows).not.toContain(jti);
  expect(rows).not.toContain(refreshToken);
});
