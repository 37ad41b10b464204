import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { TestApp } from '../support/app.ts';
import { gatehouse } from '../support/command.ts';
import { Person } from '../support/flow.ts';
import {
  type PostgresNode,
  type Replication,
  startReplication,
} from '../support/own-replication.ts';

/** Seconds within which all is served after a replica was promoted. */
const SOON = 6;

let postgres: Replication;
let app: TestApp;

beforeEach(async () => {
  postgres = await startReplication();
  app = new TestApp({ DATABASE_URL: postgres.url, REDIS_URL: inject('redisUrl') });
  await app.start();
});
afterEach(async () => {
  await app.stop();
  await postgres.close();
});

/** Uses more connections than the pool has. */
async function serves(): Promise<boolean> {
  const people = Array.from({ length: 12 }, () => new Person(app));
  const answers = await Promise.all(people.map((person) => person.register()));
  const codes = answers.map(({ code }) => code);
  expect([undefined, 'UNAVAILABLE']).toEqual(expect.arrayContaining([...new Set(codes)]));
  return codes.every((code) => code === undefined);
}

async function promote(index: 0 | 1): Promise<void> {
  await postgres.nodes[index].run('select pg_promote()');
}

const accountsOn = async (index: 0 | 1) => {
  const [row] = await postgres.nodes[index].run<{ n: string }>(
    'select count(*) as n from accounts',
  );
  return Number(row?.n);
};

async function connectionsTo(node: PostgresNode): Promise<number> {
  const [row] = await node.run<{ n: string }>(
    "select count(*) as n from pg_stat_activity where application_name = 'gatehouse-server'",
  );
  return Number(row?.n);
}

it('writes to the promoted replica after the primary was killed', async () => {
  expect(await serves()).toBe(true);
  await postgres.nodes[0].kill();
  expect((await new Person(app).register()).code).toBe('UNAVAILABLE');
  await promote(1);
  const before = await accountsOn(1);
  await app.eventually(serves, SOON);
  expect(await accountsOn(1)).toBeGreaterThan(before);
});

it('leaves a frozen primary, and does not return to it', async () => {
  expect(await serves()).toBe(true);
  postgres.nodes[0].freeze();
  await promote(1);
  await app.eventually(serves, SOON);
  const [old] = postgres.nodes;
  old.thaw();
  // It still runs what has reached it before.
  await app.eventually(async () => (await connectionsTo(old)) === 0);
  const before = await accountsOn(0);
  for (let round = 0; round < 5; round += 1) expect(await serves()).toBe(true);
  expect(await accountsOn(0)).toBe(before);
});

it('prefers the newest timeline at a start, and refuses the old primary as a replica', async () => {
  const [old, next] = postgres.nodes;
  await old.stop();
  await promote(1);
  await old.restart();
  // Both accept writes now, and the setting names the old primary first.
  const orm = await openMigrationOrm(postgres.url);
  const [server] = await orm.em.execute<{ port: string }[]>(
    "select current_setting('port') as port",
  );
  await orm.close(true);
  expect(next.url).toContain(`:${server?.port}/`);
});

it('follows a switch to the replica and back, where the old primary returns as a replica', async () => {
  const [old, next] = postgres.nodes;
  await old.stop();
  await promote(1);
  old.demote();
  await old.restart();
  await app.eventually(serves, SOON);
  await next.stop();
  await promote(0);
  next.demote();
  await next.restart();
  await app.eventually(serves, SOON);
  expect(await old.run('select pg_is_in_recovery() as r')).toEqual([{ r: false }]);
});

it('answers an operator whose servers are all replicas', async () => {
  const [, next] = postgres.nodes;
  const { code, output } = await gatehouse(['export', 'users'], {
    variables: { DATABASE_URL: `${next.url}?target_session_attrs=primary` },
  });
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/^DATABASE_URL: cannot use 127.0.0.1:\d+ \(no server accepts writes\)/),
  ]);
  expect(output).not.toContain('of-the-tests');
});
