import type { EventEmitter } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOrm } from '#src/db/orm.ts';
import type { Client, Pool } from '#src/db/pool.ts';
import { createSql } from '#src/db/prepared-sql.ts';
import { RoundTrip } from '#src/db/round-trip.ts';
import type { SqlTransaction, Statement } from '#src/ports/sql.ts';
import { newDatabase } from './support/database.ts';

const database = newDatabase();
let orm: Awaited<ReturnType<typeof openOrm>>;
let service: ReturnType<typeof createSql>;

beforeAll(async () => {
  await database.create();
  orm = await openOrm(database.url, 'prepared-statements');
  service = createSql(orm);
  await orm.em.fork().execute('create table notes (id int primary key, text varchar(5))');
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

const names: Statement<{ name: string }> = {
  name: 'names',
  text: 'select name from pg_prepared_statements order by name',
};
const echo: Statement<{ at: Date; text: string; json: unknown; nothing: null; count: string }> = {
  name: 'echo',
  text: `select $1::timestamptz as at, $2::text as text, $3::jsonb as json, null as nothing,
    count(*) as count from (select) one`,
};
const insertNote: Statement = { name: 'insert-note', text: 'insert into notes values ($1, $2)' };
const noteOf: Statement<{ text: string }> = {
  name: 'note-of',
  text: 'select text from notes where id = $1',
};

it('prepares a statement once per connection, outside and inside a transaction', async () => {
  const at = new Date();
  const row = { at, text: `it's \\ $1 ?`, json: { list: [1] }, nothing: null, count: '1' };
  for (let time = 0; time < 2; time += 1)
    expect(await service.sql.query(echo, [at, row.text, row.json])).toEqual([row]);
  await service.inTransaction(async (tx) => {
    expect(await tx.query(echo, [at, row.text, row.json])).toEqual([row]);
    expect(await tx.query(names)).toEqual(['BEGIN', 'echo', 'names'].map((name) => ({ name })));
  });
});

it('commits and rolls back what statements and MikroORM write in one transaction', async () => {
  const write = async (tx: SqlTransaction, id: number) => {
    await tx.query(insertNote, [id, 'one']);
    await tx.em.execute('insert into notes values (?, ?)', [id + 1, 'two']);
    expect(await tx.query(noteOf, [id + 1])).toEqual([{ text: 'two' }]);
  };
  await service.inTransaction((tx) => write(tx, 1));
  const fails = service.inTransaction(async (tx) => {
    await write(tx, 3);
    throw new Error('changed my mind');
  });
  await expect(fails).rejects.toThrow('changed my mind');
  const swallows = service.inTransaction(async (tx) => {
    await write(tx, 5);
    await tx.query(insertNote, [5, 'again']).catch(() => undefined);
  });
  await expect(swallows).rejects.toThrow('rolled back');
  const rows = await orm.em.fork().execute<{ id: number }[]>('select id from notes order by id');
  expect(rows.map(({ id }) => id)).toEqual([1, 2]);
});

it('survives migrations that add a column or change the type of one', async () => {
  const admin = orm.em.fork();
  await service.sql.query(insertNote, [10, 'ten']);
  // Several connections prepare the statement.
  const many = () => Promise.all(Array.from({ length: 8 }, () => service.sql.query(noteOf, [10])));
  await many();
  await admin.execute('alter table notes add column extra text');
  expect(new Set((await many()).map(([row]) => row?.text))).toEqual(new Set(['ten']));
  await admin.execute('alter table notes alter column text type text');
  expect(new Set((await many()).map(([row]) => row?.text))).toEqual(new Set(['ten']));
  await admin.execute('alter table notes alter column text type varchar(9)');
  // A transaction may not be repeated; the next one works.
  const once = () => service.inTransaction((tx) => tx.query(noteOf, [10]));
  await expect(once()).rejects.toMatchObject({ code: '0A000' });
  expect(await once()).toEqual([{ text: 'ten' }]);
});

it('encodes values as PostgreSQL reads them', async () => {
  const all: Statement<Record<string, unknown>> = {
    name: 'all-values',
    text: `select $1::text[] as texts, $2::int[] as numbers, $3::timestamptz::text as old,
      $4::timestamptz::text as late, $5::bool as flag, $6::jsonb as json, encode($7::bytea, 'hex') as bytes,
      $8::float8 as number, $9::text as nothing, $10::timestamptz[]::text as times`,
  };
  const texts = ['a,b', `it's "quoted" \\`, '', 'NULL', null, 'ü', '{}'];
  const [old, late] = [new Date(0), new Date('+012345-06-07T08:09:10.011Z')];
  old.setUTCFullYear(-43);
  const values = [texts, [1, null, -2], old, late, true, { a: ['ü'] }, Buffer.from('ff00', 'hex')];
  await orm.em.fork().execute("set time zone 'UTC'");
  const [row] = await service.sql.query(all, [...values, 1.5, undefined, [new Date(0)]]);
  expect(row).toMatchObject({ texts, numbers: [1, null, -2], flag: true, json: { a: ['ü'] } });
  expect(row).toMatchObject({ bytes: 'ff00', number: 1.5, nothing: null });
  expect(row?.old).toMatch(/^0044-0[01]-.* BC$/);
  expect(row?.late).toMatch(/^12345-06-0/);
  expect(row?.times).toContain('1970-01-01');
});

it('sends the begin with the first statement, and the commit with those that wait', async () => {
  const { sent, stop } = await recordRoundTrips();
  await service.inTransaction(async (tx) => {
    await tx.query(noteOf, [1]);
    tx.queue(insertNote, [20, 'late']);
  });
  await service.inTransaction(async () => undefined);
  stop();
  expect(sent).toEqual([
    ['BEGIN', 'note-of'],
    ['insert-note', 'COMMIT'],
  ]);
  expect(await service.sql.query(noteOf, [20])).toEqual([{ text: 'late' }]);
});

it('commits nothing after a statement that waited has failed', async () => {
  const fails = service.inTransaction(async (tx) => {
    await tx.query(insertNote, [30, 'first']);
    tx.queue(insertNote, [30, 'again']);
    tx.queue(insertNote, [31, 'after']);
  });
  await expect(fails).rejects.toMatchObject({ code: '23505' });
  const waits = service.inTransaction(async (tx) => {
    tx.queue(insertNote, [20, 'taken']);
    await tx.query(insertNote, [32, 'after']);
  });
  await expect(waits).rejects.toMatchObject({ code: '23505' });
  for (const id of [30, 31, 32]) expect(await service.sql.query(noteOf, [id])).toEqual([]);
});

it('runs no statement outside of a transaction that could not begin', async () => {
  const begins: Statement = { name: 'BEGIN', text: 'select 1 / 0' };
  await onOneConnection(async (one) => {
    // The name of the begin leads to a statement that fails.
    await expect(one.sql.query(begins, [])).rejects.toThrow('division by zero');
    const insert = (id: number) => (tx: SqlTransaction) => tx.query(insertNote, [id, 'loose']);
    const both = one.inTransaction((tx) => Promise.all([40, 41].map((id) => insert(id)(tx))));
    await expect(both).rejects.toThrow('have the name');
    for (const id of [40, 41]) expect(await one.sql.query(noteOf, [id])).toEqual([]);
  });
});

it('fails one round trip only if a value cannot be sent or read', async () => {
  const loop: { self?: object } = {};
  loop.self = loop;
  await expect(service.sql.query(echo, [new Date(), 'text', loop])).rejects.toThrow('circular');
  await expect(service.sql.query(noteOf, ['not a number'])).rejects.toMatchObject({
    code: '22P02',
  });
  expect(await service.sql.query(noteOf, [1])).toEqual([{ text: 'one' }]);
});

/** Records the names of the statements of each round trip. */
async function recordRoundTrips() {
  const pool = (await orm.em.getConnection().getNativeClient()) as unknown as Pool;
  const sent: string[][] = [];
  const record = (client: Client) => {
    const query = client.query;
    client.query = (...values) => {
      const [statement] = values;
      if (statement instanceof RoundTrip) sent.push(statement.steps.map(({ name }) => name));
      return query(...values);
    };
  };
  pool.on('acquire', record);
  return { sent, stop: () => (pool as unknown as EventEmitter).off('acquire', record) };
}

async function onOneConnection(work: (one: ReturnType<typeof createSql>) => Promise<void>) {
  const single = await openOrm(database.url, 'one-connection', undefined, 1);
  try {
    await work(createSql(single));
  } finally {
    await single.close(true);
  }
}
