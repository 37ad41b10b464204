import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestApp } from '../support/app.ts';
import { newDatabase } from '../support/database.ts';
import { Person } from '../support/flow.ts';
import { type OwnSentinels, startOwnSentinels } from '../support/own-sentinels.ts';

const database = newDatabase();
let redis: OwnSentinels;
let app: TestApp;

beforeAll(async () => {
  redis = await startOwnSentinels();
  await database.create();
  app = new TestApp({ DATABASE_URL: database.url, REDIS_URL: redis.url });
  await app.start();
  await app.eventually(() => app.runtime.redis.status === 'ready');
});
afterAll(async () => {
  await app.stop();
  await redis.close();
  await database.drop();
});

const signsIn = async () => {
  const person = new Person(app);
  const { code } = await person.requestOtp();
  if (code) return false;
  return Boolean((await person.verifyOtp(await person.code(1))).data);
};

// Sentinels of an overloaded machine elect nobody for 30 s.
it('follows the primary that the sentinels elect, without a restart', {
  timeout: 60_000,
}, async () => {
  expect(await signsIn()).toBe(true);
  await redis.nodes[0].kill();
  expect((await new Person(app).requestOtp()).code).toBe('UNAVAILABLE');
  await app.eventually(signsIn, 45);
  expect(await redis.nodes[1].run('ROLE')).toContain('master');
});

it('serves with one sentinel left', async () => {
  for (const sentinel of redis.sentinels.slice(0, 2)) await sentinel.kill();
  app.runtime.redis.disconnect(true);
  expect(await app.eventually(signsIn, 10)).toBe(true);
});
