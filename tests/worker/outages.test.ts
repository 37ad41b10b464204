import { resolve } from 'node:path';
import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { type Program, start } from '../support/command.ts';
import { machineVariables } from '../support/machine-variables.ts';
import { gatehouseScript } from '../support/managed-process.ts';
import { type OwnStores, startMigratedStores } from '../support/own-stores.ts';

let stores: OwnStores;
let orm: MikroORM;

beforeAll(async () => {
  stores = await startMigratedStores();
  orm = await openMigrationOrm(stores.postgres.url);
});
beforeEach(() => sql('delete from scheduled_work'));

afterAll(async () => {
  await orm.close(true);
  await stores.close();
});

const sql = <Row>(statement: string): Promise<Row[]> => orm.em.fork().execute<Row[]>(statement);

/** `npm run worker`. */
function startWorker(): Program {
  return start([process.execPath, gatehouseScript, 'worker'], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: {
      ...machineVariables(),
      NODE_ENV: 'development',
      SECRET_KEY: 'secret of the tests',
      DATABASE_URL: stores.postgres.url,
      REDIS_URL: stores.redis.url,
    },
  });
}

const ITEM = "name = 'delete-redeemed-challenges'";
const leased = () => sql(`select * from scheduled_work where ${ITEM} and leased_until > now()`);
const done = () => sql(`select * from scheduled_work where ${ITEM} and due_at > now()`);
const othersDone = () => sql(`select * from scheduled_work where not ${ITEM} and due_at > now()`);
const oldRows = () => sql('select * from redeemed_challenges');

/** Counts how often a worker has logged that it cannot connect to PostgreSQL. */
const outages = (worker: Program) =>
  worker.output().match(/"msg":"DATABASE_URL: cannot connect/g)?.length ?? 0;

/** A process needs a moment to start. */
const patience = { timeout: 15_000, interval: 20 };
const LONG = 60_000;

/** A worker that had the job when PostgreSQL failed keeps it until the lease expires. */
async function expectWork(): Promise<void> {
  await sql("insert into redeemed_challenges values ('old', now() - interval '2 days')");
  const look = async () => {
    await sql(`update scheduled_work set due_at = now(), leased_until = null where ${ITEM}`);
    return oldRows();
  };
  await expect.poll(look, patience).toEqual([]);
}

async function expectEndsWell(worker: Program): Promise<void> {
  worker.signal('SIGTERM');
  expect((await worker.ended).code).toBe(0);
}

it(
  'hands the work of a killed worker to another one when the lease expires',
  async () => {
    const holder = startWorker();
    await orm.em.fork().transactional(async (em) => {
      await em.execute('lock table redeemed_challenges in access exclusive mode');
      await expect.poll(leased, patience).toHaveLength(1);
      holder.signal('SIGKILL');
      await holder.ended;
    });
    const lease = await leased();
    await sql(`delete from scheduled_work where not ${ITEM}`);

    const other = startWorker();
    await expect.poll(othersDone, patience).not.toEqual([]);
    expect(lease).toHaveLength(1);
    expect(await leased()).toEqual(lease);
    await sql(`update scheduled_work set leased_until = now() where ${ITEM}`);
    await expect.poll(done, patience).toHaveLength(1);
    await expectEndsWell(other);
  },
  LONG,
);

it(
  'recovers by itself after PostgreSQL was unavailable, at the start or later',
  async () => {
    await stores.postgres.kill();
    const worker = startWorker();
    await expect.poll(() => outages(worker), patience).toBe(1);
    await stores.postgres.restart();
    await expectWork();

    await stores.postgres.kill();
    await expect.poll(() => outages(worker), patience).toBe(2);
    await stores.postgres.restart();
    await expectWork();
    await expectEndsWell(worker);
  },
  LONG,
);
