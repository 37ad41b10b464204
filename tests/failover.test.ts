import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { TestApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';

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

async function sql(...statements: string[]): Promise<void> {
  const orm = await openMigrationOrm(stores.postgres.url);
  for (const statement of statements)
    await orm.em.execute(`set transaction_read_only = off; ${statement}`);
  await orm.close(true);
}

const readiness = async () => {
  const { status, text } = await app.fetch('/readyz');
  return { status, ...JSON.parse(text).parts };
};

/** Opens all connections of the pool. */
async function registerMany(): Promise<unknown[]> {
  const people = Array.from({ length: 12 }, () => new Person(app));
  const answers = await Promise.all(people.map((person) => person.register()));
  return answers.map(({ data, code }) => (data ? 'registered' : code));
}

it('recovers after a failover that left its connections read-only', async () => {
  const ended =
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'gatehouse-s%'";
  await sql('alter role gatehouse set default_transaction_read_only = on', ended);
  // Connections opened now stay read-only until they are closed.
  await app.eventually(async () => (await readiness()).status === 503);
  expect(new Set(await registerMany())).toEqual(new Set(['UNAVAILABLE']));

  await sql('alter role gatehouse reset default_transaction_read_only');
  await app.eventually(async () => (await readiness()).status === 200);
  const worksForAll = async () =>
    (await registerMany()).every((outcome) => outcome === 'registered');
  await app.eventually(worksForAll);
});
