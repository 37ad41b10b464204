import { randomInt } from 'node:crypto';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';

it('keeps everything in the schema that the search path of the role names', async () => {
  const name = `auth_${randomInt(1e9)}`;
  const admin = await openMigrationOrm(new URL('/postgres', inject('postgresUrl')).href);
  onTestFinished(() => admin.close(true));
  const run = (statement: string) => admin.em.fork().execute(statement);
  await run(`create role ${name} login password 'pw'`);
  await run(`create database ${name} owner ${name}`);
  await run(`alter role ${name} set search_path = auth`);

  const url = Object.assign(new URL(`/${name}`, inject('postgresUrl')), {
    username: name,
    password: 'pw',
  });
  const orm = await openMigrationOrm(url.href);
  onTestFinished(() => orm.close(true));
  await orm.em.fork().execute('create schema auth');
  expect((await migrate(orm)).length).toBeGreaterThan(0);
  const schemas = await orm.em
    .fork()
    .execute('select distinct schemaname from pg_tables where tableowner = current_user');
  expect(schemas).toEqual([{ schemaname: 'auth' }]);
});
