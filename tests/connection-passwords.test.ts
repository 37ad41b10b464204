import { randomInt } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { readConfig } from '#src/config/load-config.ts';
import { closeStores, openStores } from '#src/services.ts';
import { query } from './dev/clients.ts';
import { newDatabase } from './support/database.ts';

const database = newDatabase();
const user = `odd_${process.pid}_${randomInt(1e9)}`;
const admin = new Redis(inject('redisUrl'));

beforeAll(async () => {
  await database.create();
  await query(database.url, `create role ${user} login`);
});
afterAll(async () => {
  await database.drop();
  await query(inject('postgresUrl'), `drop role ${user}`);
  await admin.acl('DELUSER', user);
  await admin.quit();
});

function withPassword(url: string, password: string): string {
  const odd = new URL(url);
  odd.username = user;
  odd.password = encodeURIComponent(password);
  return odd.href;
}

it.each(['50%', '%41', 'a#b/c?d', 'a:b@c', 'a b+c', '%25%2525', 'pässwört', '\'"\\', '&=;'])(
  'signs in to PostgreSQL and Redis with the password %s, percent-encoded',
  async (password) => {
    await query(database.url, `alter role ${user} password '${password.replaceAll("'", "''")}'`);
    await admin.acl('SETUSER', user, 'RESET', 'on', `>${password}`, '~*', '+@all');
    const config = readConfig(
      {
        DATABASE_URL: withPassword(database.url, password),
        REDIS_URL: withPassword(inject('redisUrl'), password),
        SECRET_KEY: 'secret of the tests',
        LOG_LEVEL: 'silent',
      },
      'development',
    );
    const stores = await openStores(config, 'gatehouse-test');
    onTestFinished(() => closeStores(stores));

    const [row] = await stores.orm.em
      .fork()
      .execute<{ name: string }[]>('select current_user as name');
    expect(row?.name).toBe(user);
    await expect.poll(() => stores.redis.acl('WHOAMI').catch(() => undefined)).toBe(user);
  },
);
