import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { type GraphqlAnswer, TestApp } from './support/app.ts';
import { PASSWORD, Person, wrongCode } from './support/flow.ts';
import { LOCK_WAITS } from './support/lock-waits.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy.ts';

/** Stores that answer, but not well. */
let stores: OwnStores;
let app: TestApp;
let proxies: Record<'postgres' | 'redis', TcpProxy>;

beforeAll(async () => {
  stores = await startMigratedStores();
  const { postgres, redis } = stores;
  const [before, behind] = [await startTcpProxy(postgres.url), await startTcpProxy(redis.url)];
  proxies = { postgres: before, redis: behind };
  app = new TestApp({
    DATABASE_URL: before.through(postgres.url),
    REDIS_URL: behind.through(redis.url),
  });
  await app.start();
  await recovers();
});
afterAll(async () => {
  await app.stop();
  for (const proxy of Object.values(proxies)) proxy.close();
  await stores.close();
});

const UNAVAILABLE = { code: 'UNAVAILABLE', retryAfter: 5 };

async function expectUnavailable(asked: Promise<GraphqlAnswer<object>>, within = 2000) {
  const began = Date.now();
  expect((await asked).errors[0]?.extensions).toEqual(UNAVAILABLE);
  expect(Date.now() - began).toBeLessThan(within);
}

const recovers = () => app.eventually(async () => (await app.fetch('/readyz')).status === 200);

/** Over connections of their own. */
async function redis(...[command = '', ...words]: string[]): Promise<unknown> {
  const client = new Redis(stores.redis.url, { retryStrategy: null });
  return client.call(command, words).finally(() => client.disconnect());
}
async function sql<Row>(statement: string): Promise<Row[]> {
  const orm = await openMigrationOrm(stores.postgres.url);
  try {
    return await orm.em.execute<Row[]>(statement);
  } finally {
    await orm.close(true);
  }
}

interface Waits {
  readonly waiting: number;
}

const sessionsOf = ({ email }: Person) =>
  sql(`select 1 from sessions s join accounts a on a.id = s.account_id where email = '${email}'`);

describe('with Redis full', () => {
  const fill = () => redis('CONFIG', 'SET', 'maxmemory', '1');
  const empty = async () => {
    await redis('CONFIG', 'SET', 'maxmemory', '0');
  };

  it('rejects operations that need a code or a rate limit, serves the others, and loses no code', async () => {
    const ada = new Person(app);
    await ada.register();
    const { accessToken, refreshToken } = await ada.signIn();
    await ada.requestOtp();
    const code = await ada.code(3);
    await fill();
    onTestFinished(empty);

    await expectUnavailable(new Person(app).requestOtp());
    await expectUnavailable(ada.login());
    for (const guess of [code, wrongCode(code)]) await expectUnavailable(ada.verifyOtp(guess));
    await expectUnavailable(ada.forgotPassword());
    expect((await ada.me(accessToken)).data?.me.email).toBe(ada.email);
    expect((await ada.updateProfile(accessToken, { firstName: 'Ada' })).code).toBeUndefined();
    expect((await ada.refresh(refreshToken)).data).toBeTruthy();
    await app.eventually(async () =>
      (await ada.events()).some(({ event }) => event === 'TOKEN_REFRESHED'),
    );

    await empty();
    expect((await ada.verifyOtp(code)).data?.verifyOtp).toBeTruthy();
    expect(await sessionsOf(ada)).toHaveLength(2);
  });
});

it('rejects pending codes and used tokens after Redis lost its data', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const second = (await ada.refresh(first.refreshToken)).data?.refreshTokens;
  const third = (await ada.refresh(second?.refreshToken ?? '')).data?.refreshTokens;
  await ada.requestOtp();
  const code = await ada.code(2);
  await redis('FLUSHALL');

  expect((await ada.verifyOtp(code)).code).toBe('INVALID_OTP');
  expect((await ada.refresh(third?.refreshToken ?? '')).data).toBeTruthy();
  expect((await ada.refresh(first.refreshToken)).code).toBe('INVALID_TOKEN');
  await ada.requestOtp();
  expect((await ada.verifyOtp(await ada.code(3))).data).toBeTruthy();
});

it('redeems no code twice after Redis went back to the time before its use', async () => {
  const ada = new Person(app);
  await redis('FLUSHALL');
  await ada.requestOtp();
  const code = await ada.code();
  const [key = ''] = (await redis('KEYS', 'code:*')) as string[];
  await redis('COPY', key, 'before');
  expect((await ada.verifyOtp(code)).data).toBeTruthy();
  await app.eventually(async () => (await redis('EXISTS', key)) === 0);
  await redis('COPY', 'before', key);

  expect((await ada.verifyOtp(code)).code).toBe('INVALID_OTP');
  expect(await sessionsOf(ada)).toHaveLength(1);
  await app.eventually(async () =>
    (await ada.events()).some(({ event }) => event === 'OTP_FAILED'),
  );
});

it('responds while all connections to PostgreSQL are blocked, and recovers them', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const orm = await openMigrationOrm(stores.postgres.url);
  await orm.em.transactional(async (em) => {
    await em.execute('lock table outbox_entries in access exclusive mode');
    await expectUnavailable(new Person(app).register());
    await em.execute('lock table accounts in access exclusive mode');
    const asked = Array.from({ length: 30 }, () => ada.me(accessToken));
    await Promise.all(asked.map((answer) => expectUnavailable(answer, 4000)));
    expect((await app.fetch('/healthz')).status).toBe(200);
  });
  await orm.close(true);
  await recovers();

  const answers = await Promise.all(Array.from({ length: 30 }, () => ada.me(accessToken)));
  expect(answers.filter(({ data }) => !data?.me)).toEqual([]);
});

describe.each([
  [
    'read-only',
    async () => sql('alter system set default_transaction_read_only = on'),
    async () => sql('alter system reset default_transaction_read_only'),
  ],
  [
    'full',
    async () => {
      await sql(`create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
      return sql(`create trigger full_disk before insert on outbox_entries
        for each statement execute function full_disk()`);
    },
    async () => sql('drop function full_disk cascade'),
  ],
])('with PostgreSQL %s', (_how, begin, end) => {
  const reload = () => sql('select pg_reload_conf()');

  it('issues tokens only with their session, and keeps refresh tokens and codes valid', async () => {
    const ada = new Person(app);
    const { accessToken, refreshToken } = await ada.signIn();
    await ada.requestOtp();
    const code = await ada.code(2);
    await begin();
    await reload();
    await app.eventually(async () => (await new Person(app).register()).code === 'UNAVAILABLE');

    await expectUnavailable(ada.verifyOtp(code));
    await expectUnavailable(ada.refresh(refreshToken));
    await expectUnavailable(new Person(app).register());
    await expectUnavailable(ada.updateProfile(accessToken, { firstName: 'Ada' }));
    expect((await ada.me(accessToken)).data?.me.email).toBe(ada.email);
    expect(await sessionsOf(ada)).toHaveLength(1);

    await end();
    await reload();
    await app.eventually(async () => (await new Person(app).register(PASSWORD)).data);
    expect((await ada.refresh(refreshToken)).data).toBeTruthy();
    expect((await ada.verifyOtp(code)).data).toBeTruthy();
    expect(await sessionsOf(ada)).toHaveLength(2);
  });
});

it('responds UNAVAILABLE if PostgreSQL stops responding during a transaction', async () => {
  const orm = await openMigrationOrm(stores.postgres.url);
  await orm.em.transactional(async (em) => {
    await em.execute('lock table outbox_entries in access exclusive mode');
    const answer = new Person(app).register();
    await app.eventually(async () => (await sql<Waits>(LOCK_WAITS))[0]?.waiting);
    proxies.postgres.fallSilent();
    expect((await answer).errors[0]?.extensions).toEqual(UNAVAILABLE);
  });
  await orm.close(true);
  await recovers();
});

describe.each(['postgres', 'redis'] as const)('while packets to %s are dropped', (name) => {
  it('responds UNAVAILABLE within 2 s, and recovers over new connections', async () => {
    const people = Array.from({ length: 12 }, () => new Person(app));
    await Promise.all(people.map((person) => person.requestOtp()));
    proxies[name].fallSilent();
    await expectUnavailable(new Person(app).requestOtp());
    const began = Date.now();
    await app.eventually(async () => (await new Person(app).requestOtp()).data);

    const answers = await Promise.all(people.map((person) => person.forgotPassword()));
    expect(answers.filter(({ data }) => !data)).toEqual([]);
    expect(Date.now() - began).toBeLessThan(6000);
  });
});
