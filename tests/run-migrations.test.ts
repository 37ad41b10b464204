import { randomInt } from 'node:crypto';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';
import { newDatabase } from './support/database.ts';

async function open(url: string) {
  const orm = await openMigrationOrm(url);
  onTestFinished(() => orm.close(true));
  return orm;
}

it('keeps everything in the schema that the search path of the role names', async () => {
  const name = `auth_${randomInt(1e9)}`;
  const admin = await open(new URL('/postgres', inject('postgresUrl')).href);
  const run = (statement: string) => admin.em.fork().execute(statement);
  await run(`create role ${name} login password 'pw'`);
  await run(`create database ${name} owner ${name}`);
  await run(`alter role ${name} set search_path = auth`);

  const url = Object.assign(new URL(`/${name}`, inject('postgresUrl')), {
    username: name,
    password: 'pw',
  });
  const orm = await open(url.href);
  await orm.em.fork().execute('create schema auth');
  expect((await migrate(orm)).length).toBeGreaterThan(0);
  const schemas = await orm.em
    .fork()
    .execute('select distinct schemaname from pg_tables where tableowner = current_user');
  expect(schemas).toEqual([{ schemaname: 'auth' }]);
});

it('runs each migration once, however many processes migrate at once', async () => {
  const database = newDatabase();
  await database.create({ empty: true });
  onTestFinished(() => database.drop());
  const orms = await Promise.all(Array.from({ length: 4 }, () => open(database.url)));
  const done = await Promise.all(orms.map(migrate));
  expect(done.filter((names) => names.length > 0)).toHaveLength(1);
});
