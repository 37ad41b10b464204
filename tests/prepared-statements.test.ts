import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOrm } from '#src/db/orm.ts';
import { createSql } from '#src/db/prepared-sql.ts';
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
    expect(await tx.query(names)).toEqual([{ name: 'echo' }, { name: 'names' }]);
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
