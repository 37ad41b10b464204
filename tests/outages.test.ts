import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { UnlockUserDocument } from '../client/generated/graphql.ts';
import { Mover, newPerson, undoSecretsOf } from './support/address-changes.ts';
import { idOf } from './support/administrator.ts';
import { Machine } from './support/api-key.ts';
import { type GraphqlAnswer, newAddress, TestApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { LOCK_WAITS } from './support/lock-waits.ts';
import { parseMetrics } from './support/metrics.ts';
import { type OwnStore, type OwnStores, startMigratedStores } from './support/own-stores.ts';

let stores: OwnStores;
let app: TestApp;

beforeAll(async () => {
  stores = await startMigratedStores();
  app = new TestApp({ DATABASE_URL: stores.postgres.url, REDIS_URL: stores.redis.url });
  await app.start();
});

afterAll(async () => {
  await app.stop();
  await stores.close();
});

async function expectUnavailable(ask: () => Promise<GraphqlAnswer<object>>): Promise<void> {
  const began = Date.now();
  const answer = await ask();
  expect(answer.errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', retryAfter: 5 });
  expect(answer.headers['retry-after']).toBe('5');
  expect(Date.now() - began).toBeLessThan(2000);
}

const readiness = async () => {
  const { status, text } = await app.fetch('/readyz');
  return { status, ...JSON.parse(text).parts };
};

/** Signs in as soon as it works again. */
async function recovers(): Promise<void> {
  await app.eventually(async () => (await readiness()).status === 200);
  const ada = new Person(app);
  await app.eventually(async () => (await ada.requestOtp()).data);
  expect((await ada.verifyOtp(await ada.code())).data?.verifyOtp).toBeTruthy();
}

describe.each(['postgres', 'redis'] as const)('with %s unavailable', (name) => {
  const store = (): OwnStore => stores[name];

  it('responds UNAVAILABLE within 2 s after a crash, keeps running, and recovers by itself', async () => {
    const ada = new Person(app);
    await ada.requestOtp();
    const code = await ada.code();
    await store().kill();

    await expectUnavailable(() => new Person(app).requestOtp());
    await expectUnavailable(() => ada.verifyOtp(code));
    await app.eventually(async () => (await readiness()).status === 503);
    expect((await app.fetch('/healthz')).status).toBe(200);
    const { status, text } = await app.fetch('/metrics');
    const figures = parseMetrics(text);
    const isUp = ['gatehouse_postgresql_up', 'gatehouse_redis_up{connection="requests"}'];
    expect([status, ...isUp.map((each) => figures.get(each))]).toEqual(
      name === 'postgres' ? [200, 0, 1] : [200, 1, 0],
    );
    const isKnown = figures.has('gatehouse_outbox_waiting{kind="mail"}');
    expect(isKnown, 'whether the outbox could be read').toBe(name === 'redis');

    await store().restart();
    await recovers();
  });

  it('responds UNAVAILABLE within 2 s while the store does not respond', async () => {
    store().freeze();
    try {
      await expectUnavailable(() => new Person(app).requestOtp());
      const began = Date.now();
      expect((await app.fetch('/healthz')).status).toBe(200);
      expect((await readiness()).status).toBe(503);
      expect((await app.fetch('/metrics')).status).toBe(200);
      expect(Date.now() - began).toBeLessThan(2000);
    } finally {
      store().thaw();
    }
    await recovers();
  });

  it('reports which store is unavailable since when, and logs the start and end of the outage', async () => {
    const part = name === 'postgres' ? 'postgresql' : 'redis';
    const setting = name === 'postgres' ? 'DATABASE_URL' : 'REDIS_URL';
    const began = Date.now();
    await store().kill();
    const look = async () => ((await readiness()).status === 503 ? readiness() : undefined);
    const first = await app.eventually(look);
    expect(Date.parse(first[part].since)).toBeGreaterThanOrEqual(began);
    const {
      [part]: away,
      status,
      ...others
    } = await app.eventually(async () => {
      const later = await readiness();
      return Date.now() - Date.parse(first[part].since) > 1000 && later;
    });
    expect([status, away.since]).toEqual([503, first[part].since]);
    expect(others[name === 'postgres' ? 'redis' : 'postgresql']).toEqual({ status: 'ok' });
    await store().restart();
    await app.eventually(async () => (await readiness()).status === 200);
    expect((await readiness())[part]).toEqual({ status: 'ok' });
    const said = app.logLines.filter((line) => line.includes(`"msg":"${setting}: `)).slice(-6);
    const { host } = new URL(store().url);
    expect(said.join('')).toMatch(
      new RegExp(
        `cannot connect to ${host} .+"seconds":\\d+,"msg":"${setting}: ${host} is available again"`,
        's',
      ),
    );
  });
});

it('recovers all connections after a crash during transactions', async () => {
  const people = Array.from({ length: 20 }, () => new Person(app));
  const orm = await openMigrationOrm(stores.postgres.url);
  const holding = orm.em.transactional(async (em) => {
    await em.execute('lock table outbox_entries in access exclusive mode');
    const asked = people.map((person) => person.requestOtp());
    await app.eventually(async () => {
      const [row] = await orm.em.fork().execute<{ waiting: number }[]>(LOCK_WAITS);
      return row?.waiting;
    });
    await stores.postgres.kill();
    await Promise.all(asked);
  });
  await expect(holding).rejects.toThrow(/connection/i);
  await stores.postgres.restart();
  await app.eventually(async () => (await readiness()).status === 200);

  const answers = await Promise.all(people.map((person) => person.forgotPassword()));
  expect(answers.filter(({ code }) => code !== undefined)).toEqual([]);
  await orm.close(true);
});

it('consumes neither the code nor an attempt while PostgreSQL is unavailable', async () => {
  const ada = new Person(app);
  await ada.register();
  await ada.code();
  await ada.requestOtp();
  const code = await ada.code(2);
  await stores.postgres.kill();
  for (let i = 0; i < 6; i += 1) {
    await expectUnavailable(() => ada.login());
    await expectUnavailable(() => ada.verifyOtp(code));
  }
  await stores.postgres.restart();
  await app.eventually(async () => (await readiness()).status === 200);

  expect((await ada.verifyOtp(code)).data?.verifyOtp).toBeTruthy();
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
});

it('serves machines while Redis is unavailable, without the locks of users', async () => {
  const [ada, machine] = [new Person(app), await Machine.with(app, 'WRITE')];
  await ada.signIn();
  const id = await idOf(app, ada);
  await stores.redis.kill();
  expect((await machine.user(id)).data?.user).toMatchObject({ locks: null, email: ada.email });
  expect((await machine.disableUser(id)).data?.disableUser.status).toBe('DISABLED');
  await expectUnavailable(() => machine.change(UnlockUserDocument, { id }));
  await stores.redis.restart();
  await recovers();
});

it('rejects no API key for good while PostgreSQL is unavailable', async () => {
  const machine = await Machine.with(app, 'READ');
  await stores.postgres.kill();
  await expectUnavailable(() => machine.users());
  await stores.postgres.restart();
  await app.eventually(async () => (await machine.users()).data?.users);
});

it('serves signed-in users while Redis is unavailable', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  await stores.redis.kill();
  expect((await ada.me(accessToken)).data?.me.email).toBe(ada.email);
  await stores.redis.restart();
  await recovers();
});

it('undoes a change of address while Redis is unavailable, and changes nothing half-way', async () => {
  const ada = await Mover.create(app);
  const thief = ada.thief();
  expect(await thief.move(thief.email)).toBeUndefined();
  const { confirmation } = await thief.request(newAddress());
  await app.mailsDelivered();
  await stores.redis.kill();
  expect(await thief.confirm(confirmation)).toBe('UNAVAILABLE');
  expect((await thief.request(newAddress())).code).toBe('UNAVAILABLE');
  expect((await thief.account())?.email).toBe(thief.email);
  expect(await newPerson(app).undo(undoSecretsOf(ada).at(-1))).toBeUndefined();
  expect(await thief.account()).toBeUndefined();
  await stores.redis.restart();
  await recovers();
  // The code of before is good no more.
  expect(await thief.confirm(confirmation)).toBe('UNAUTHENTICATED');
  expect((await new Person(app, ada.email).signIn()).user.email).toBe(ada.email);
});

it('undoes nothing half-way when PostgreSQL is killed, and then by the same secret', async () => {
  const ada = await Mover.create(app);
  const thief = ada.thief();
  expect(await thief.move(thief.email)).toBeUndefined();
  await app.mailsDelivered();
  const secret = undoSecretsOf(ada).at(-1);
  await stores.postgres.kill();
  expect(await newPerson(app).undo(secret)).toBe('UNAVAILABLE');
  await stores.postgres.restart();
  await app.eventually(async () => (await readiness()).status === 200);
  expect((await thief.account())?.email).toBe(thief.email);
  expect(await newPerson(app).undo(secret)).toBeUndefined();
  expect(await thief.account()).toBeUndefined();
});

it('sends mails that were accepted before a crash of PostgreSQL', async () => {
  const ada = new Person(app);
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await ada.requestOtp();
  await stores.postgres.kill();
  app.mails.refuse = () => undefined;
  await stores.postgres.restart();

  expect(await ada.code()).toMatch(/^\d{6}$/);
});

it('keeps everything that it acknowledged if PostgreSQL is killed', async () => {
  const acknowledged: string[] = [];
  const people = Array.from({ length: 20 }, () => new Person(app));
  const registered = people.map(async (person) => {
    const answer = await person.register();
    if (answer.data) acknowledged.push(person.email);
    return answer.data ? undefined : answer.code;
  });
  await app.eventually(() => acknowledged.length > 0);
  await stores.postgres.kill();
  const refusals = new Set(await Promise.all(registered));
  await stores.postgres.restart();
  await app.eventually(async () => (await readiness()).status === 200);

  const rows = await app.sql<{ email: string }>('select email from accounts');
  expect(rows.map(({ email }) => email)).toEqual(expect.arrayContaining(acknowledged));
  expect(refusals).toEqual(new Set([undefined, 'UNAVAILABLE']));
});

it('checks the stores at most a few times a second, however many probes arrive', async () => {
  const asked = async () => /cmdstat_eval:calls=(\d+)/.exec(await app.runtime.redis.info('all'));
  const before = Number((await asked())?.[1] ?? 0);
  const began = Date.now();
  for (let i = 0; i < 40; i += 1) {
    await Promise.all(Array.from({ length: 25 }, () => app.fetch('/readyz')));
  }
  const most = 10 + (Date.now() - began) / 100;
  expect(Number((await asked())?.[1]) - before).toBeLessThan(most);
});

it('reveals no statements, values or paths to clients or the log', () => {
  const lines = app.logLines.join('');
  expect(lines).toContain('PostgreSQL or Redis is unavailable');
  expect(lines).not.toMatch(/insert into|select |@example\.com/i);
});
