import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { CreateUserDocument, SetUserRoleDocument } from '../../client/generated/graphql.ts';
import { Administrator } from '../support/administrator.ts';
import { TestApp } from '../support/app.ts';
import { gatehouse } from '../support/command.ts';
import { Person } from '../support/flow.ts';
import {
  type PostgresNode,
  type Replication,
  startReplication,
} from '../support/own-replication.ts';
import { recordStatements } from '../support/statements.ts';

const MAX_LAG = 2;

let postgres: Replication;
let replica: PostgresNode;
let app: TestApp;
/** Has written nothing since the start. */
let reader: Administrator;

beforeAll(async () => {
  postgres = await startReplication();
  replica = postgres.nodes[1];
  app = new TestApp({
    DATABASE_URL: postgres.nodes[0].url,
    DATABASE_READ_URL: replica.url,
    DATABASE_READ_MAX_LAG: String(MAX_LAG),
    REDIS_URL: inject('redisUrl'),
  });
  await app.start();
  reader = await Administrator.create(app);
  await app.eventually(isUsed, 10);
});
afterAll(async () => {
  await app.stop();
  await postgres.close();
});
afterEach(async () => {
  replica.thaw();
  await replica.run('select pg_wal_replay_resume()');
  await app.eventually(isUsed, 20);
});

const isUsed = () => lag().isUsable();
const lag = () => reads().lag;

function reads() {
  const { replica: opened } = app.runtime;
  if (!opened) throw new Error('there is no replica');
  return opened.reads;
}

async function emailsFor(admin: Administrator): Promise<(string | undefined)[]> {
  const { data, code } = await admin.users({ first: 100 });
  expect(code).toBeUndefined();
  return (data?.users?.edges ?? []).map(({ node }) => node.email);
}

/** Runs work, and tells how many statements of lists the primary got. */
async function listsOnPrimary(work: () => Promise<unknown>): Promise<number> {
  const { sent, stop } = await recordStatements(app.runtime);
  await work();
  stop();
  return sent.filter(({ text }) => /from audit_events|collate "C"|"createdAt" desc/.test(text))
    .length;
}

const pause = () => replica.run('select pg_wal_replay_pause()');

it('reads lists from the replica', async () => {
  const { token } = reader;
  const all =
    'query { users { edges { node { id } } } auditLogs { totalCount edges { node { id } } } eventCounts { hours { count } days { count } } }';
  let answer: unknown;
  const lists = await listsOnPrimary(async () => {
    answer = (await app.graphql(all, {}, { token })).data;
  });
  expect(answer).toMatchObject({ users: { edges: [{ node: {} }] } });
  expect(lists).toBe(0);
  expect((await app.fetch('/metrics')).text).toMatch(/^gatehouse_postgresql_replica_up 1$/m);
});

it('shows nobody a list without their own change, and judges rights by the primary', async () => {
  const writer = await Administrator.create(app);
  await app.eventually(async () => (await emailsFor(reader)).includes(writer.email));
  await pause();
  const { email } = new Person(app);
  expect((await writer.change(CreateUserDocument, { email })).code).toBeUndefined();
  expect(await emailsFor(writer)).toContain(email);
  expect(await emailsFor(reader)).not.toContain(email);

  const { data } = await writer.users({ filter: { email: reader.email } });
  const id = data?.users?.edges[0]?.node.id ?? '';
  await writer.change(SetUserRoleDocument, { id, role: 'USER' });
  expect((await reader.users()).code).toBe('FORBIDDEN');
  await writer.change(SetUserRoleDocument, { id, role: 'ADMIN' });
  await reader.enter();
});

it('reads from the primary while the replica lags, and from the replica again afterwards', async () => {
  await pause();
  const { email } = new Person(app);
  await app.sql(
    "insert into accounts (id, email, role, created_at, email_verified_at) values (gen_random_uuid(), ?, 'USER', now(), now())",
    [email],
  );
  // The reader has just signed in, which is no own change of the list.
  await app.eventually(async () => (await emailsFor(reader)).includes(email), 15);
  expect(lag().isUsable()).toBe(false);
  expect(lag().seconds).toBeGreaterThan(MAX_LAG);
  expect(app.logLines.join()).toContain('DATABASE_READ_URL: cannot use');
  const { text, status } = await app.fetch('/readyz');
  expect([status, JSON.parse(text).parts.replica.reason]).toEqual([200, 'the replica lags']);
});

it('reads from the primary when the replay cancels a statement', async () => {
  const { sql } = reads();
  const cancelled = `do $$ begin if pg_is_in_recovery() then
    raise exception using errcode = '40001', message = 'canceling statement due to conflict with recovery';
    end if; end $$`;
  expect(await sql.em.execute(cancelled)).toEqual([]);
  expect(lag().isUsable()).toBe(true);
});

it('exports what was written before, from the primary if the replica does not get it', async () => {
  const variables = {
    DATABASE_URL: postgres.nodes[0].url,
    DATABASE_READ_URL: replica.url,
    DATABASE_READ_MAX_LAG: '2',
  };
  const person = new Person(app);
  await person.signIn();
  const read = await gatehouse(['export', 'users'], { variables });
  expect(read.output).toContain(person.email);
  expect(read.output).not.toContain('DATABASE_READ_URL');
  await pause();
  const other = new Person(app);
  await other.signIn();
  const late = await gatehouse(['export', 'users'], { variables });
  expect([late.code, late.output]).toEqual([0, expect.stringContaining(other.email)]);
  expect(late.output).toContain('DATABASE_READ_URL: the replica is unavailable or lags');
});

it('answers while the replica is frozen', async () => {
  replica.freeze();
  const started = performance.now();
  const answers = await Promise.all(Array.from({ length: 5 }, () => emailsFor(reader)));
  expect(answers.every((emails) => emails.includes(reader.email))).toBe(true);
  expect(performance.now() - started).toBeLessThan(3000);
});

it('answers without the replica, and uses it again when it is back', async () => {
  await replica.kill();
  expect(await emailsFor(reader)).toContain(reader.email);
  await app.eventually(() => !lag().isUsable(), 10);
  await replica.restart();
  await app.eventually(isUsed, 20);
  expect(await listsOnPrimary(() => emailsFor(reader))).toBe(0);
});
