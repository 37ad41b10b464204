import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';

const app = useApp();

/** The rows of the sessions of one person, as a backup has them. */
async function backUp(email: string): Promise<() => Promise<void>> {
  const where = 'where account_id = (select id from accounts where email = ?)';
  const [row] = await app.sql<{ rows: string }>(
    `select json_agg(s)::text as rows from sessions s ${where}`,
    [email],
  );
  return async () => {
    await app.sql(`delete from sessions ${where}`, [email]);
    await app.sql(
      'insert into sessions select * from json_populate_recordset(null::sessions, ?::json)',
      [row?.rows],
    );
  };
}

const warnings = () =>
  app.logLines.filter((line) => line.includes('"event":"database-older-than-tokens"'));

const refreshed = async (person: Person, token: string) => {
  const { data, code } = await person.refresh(token);
  expect(code).toBeUndefined();
  return data?.refreshTokens.refreshToken ?? '';
};

it('rejects tokens newer than a restored database without a reuse alarm, and logs it once', async () => {
  const people = [new Person(app), new Person(app)];
  for (const person of people) {
    const { refreshToken } = await person.signIn();
    const restore = await backUp(person.email);
    const child = await refreshed(person, refreshToken);
    const grandchild = await refreshed(person, child);
    await restore();

    expect((await person.refresh(grandchild)).code).toBe('INVALID_TOKEN');
    expect((await person.refresh(child)).code).toBe('INVALID_TOKEN');
    const [session] = await app.sql<{ ended_at: unknown }>('select * from sessions where id = ?', [
      decodeJwt(child).sid,
    ]);
    expect(session).toMatchObject({ ended_at: null });
    // The restore revives what was spent: therefore the runbook ends all sessions.
    await refreshed(person, refreshToken);

    await person.signIn();
    const events = (await person.events()).map(({ event }) => event);
    expect(events).not.toContain('TOKEN_REUSED');
    expect(person.mails().every((mail) => !mail.includes('We signed out one of your'))).toBe(true);
  }
  expect(warnings()).toHaveLength(1);
});

it('rejects a sibling newer than a restored database without a reuse alarm', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const first = await refreshed(ada, refreshToken);
  const restore = await backUp(ada.email);
  app.clock.advance({ seconds: 11 });
  const second = await refreshed(ada, refreshToken);
  await restore();

  expect((await ada.refresh(second)).code).toBe('INVALID_TOKEN');
  await refreshed(ada, first);
});

it('rejects tokens of a session that the restored database lacks', async () => {
  const ada = new Person(app);
  await ada.signIn();
  const restore = await backUp(ada.email);
  const { accessToken, refreshToken } = await ada.signIn();
  await restore();

  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.logout({ refreshToken })).code).toBeUndefined();
});

it('redeems no code twice, even if a restore lost the record of its use', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
  await app.sql('delete from redeemed_challenges');

  expect((await new Person(app, ada.email).verifyOtp(code)).code).toBe('INVALID_OTP');
});

it('ends all sessions on command, and records each', async () => {
  const people = [new Person(app), new Person(app)];
  const signedIn = [];
  for (const person of people) signedIn.push(await person.signIn());
  const refused = await command(app, 'sessions', 'end-all');
  expect(refused.code).toBe(2);
  expect(refused.output).toContain('--yes');

  const { code, output } = await command(app, 'sessions', 'end-all --yes');
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^Ended \d+ sessions\. All users must sign in again\.\n$/),
  ]);
  for (const [index, person] of people.entries()) {
    const { accessToken = '', refreshToken } = signedIn[index] ?? {};
    expect((await person.me(accessToken)).code).toBe('UNAUTHENTICATED');
    expect((await person.refresh(refreshToken ?? '')).code).toBe('INVALID_TOKEN');
    await app.eventually(async () =>
      (await person.events()).some(({ metadata }) => metadata.by === 'operator'),
    );
  }
});
