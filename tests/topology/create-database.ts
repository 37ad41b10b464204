import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';
import { password } from './patroni.ts';

/** Creates the role and the database of the service through a pooler. Returns its `DATABASE_URL`. */
export async function createDatabase(port: number): Promise<string> {
  const admin = await openMigrationOrm(
    `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
  );
  try {
    await admin.em.execute(`create role gatehouse login password '${password}'`);
    await admin.em.execute('create database gatehouse owner gatehouse');
  } finally {
    await admin.close(true);
  }
  const url = `postgres://gatehouse:${password}@127.0.0.1:${port}/gatehouse`;
  const orm = await openMigrationOrm(url);
  try {
    await migrate(orm);
  } finally {
    await orm.close(true);
  }
  return url;
}
