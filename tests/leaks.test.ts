import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person, wrongCode } from './support/flow.ts';

const app = useApp();

it('leaves no password, code or token in clear in a table, in Redis or in the log', async () => {
  const ada = new Person(app);
  const password = 'quiet-harbour-58';
  await ada.register(password);
  await ada.login('loud-harbour-59');
  await ada.login(password);
  const code = await ada.code();
  await ada.verifyOtp(wrongCode(code));
  const { data } = await ada.verifyOtp(code);
  await ada.requestOtp();
  const liveCode = await ada.code(2);
  const child = await ada.refresh(data?.verifyOtp.refreshToken ?? '');
  await ada.forgotPassword();
  const resetCode = await ada.code(3);
  await ada.resetPassword(resetCode, 'still-harbour-60');
  await app.eventually(async () => (await ada.events()).length === 10);

  const kept = { database: await everyRow(), redis: await everyValue(), log: app.logLines.join() };
  expect(kept.database).toContain(ada.email);
  expect(kept.redis).toContain('SIGN_IN');
  const secrets = [password, 'loud-harbour-59', code, liveCode, wrongCode(code)];
  secrets.push(data?.verifyOtp.accessToken ?? '', data?.verifyOtp.refreshToken ?? '');
  secrets.push(resetCode, 'still-harbour-60', child.data?.refreshTokens.refreshToken ?? '');
  for (const [place, text] of Object.entries(kept)) {
    const found = secrets.filter((secret) =>
      new RegExp(`(?<![\\w.])${secret}(?![\\w])`).test(text),
    );
    expect(found, place).toEqual([]);
  }
});

async function everyRow(): Promise<string> {
  const tables = await app.sql<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  const rows = tables.map(({ name }) => app.sql(`select row_to_json(t) as row from ${name} t`));
  return JSON.stringify(await Promise.all(rows));
}

async function everyValue(): Promise<string> {
  const { redis } = app.runtime;
  const read: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, '-1'),
  };
  const keys = await redis.keys('*');
  const values = keys.map(async (key) => [key, await read[await redis.type(key)]?.(key)]);
  return JSON.stringify(await Promise.all(values));
}
