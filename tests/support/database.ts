import { randomInt } from 'node:crypto';
import { inject } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';

/** A database of its own in the PostgreSQL of this run. */
interface TestDatabase {
  readonly url: string;
  /** Creates it with all tables, or with none. */
  create(options?: { readonly empty: boolean }): Promise<void>;
  drop(): Promise<void>;
}

export function newDatabase(): TestDatabase {
  const name = `test_${process.pid}_${randomInt(1e9)}`;
  const postgresUrl = inject('postgresUrl');
  const administer = async (statement: string) => {
    const orm = await openMigrationOrm(new URL('/postgres', postgresUrl).href);
    try {
      await orm.em.execute(statement);
    } finally {
      await orm.close(true);
    }
  };
  return {
    url: new URL(`/${name}`, postgresUrl).href,
    create: ({ empty } = { empty: false }) =>
      administer(`create database ${name} template ${empty ? 'template1' : 'gatehouse'}`),
    drop: () => administer(`drop database if exists ${name} with (force)`),
  };
}
