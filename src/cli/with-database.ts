import type { MikroORM } from '@mikro-orm/postgresql';
import { openMigrationOrm } from '../db/orm.ts';
import { type Database, openDatabase } from '../services.ts';
import { readCommandConfig } from './command-config.ts';
import type { Terminal } from './command-line.ts';

/** Opens PostgreSQL and the sealers for a command. Closes PostgreSQL afterwards. */
export async function withDatabase<Result>(
  terminal: Terminal,
  name: string,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const needed = ['databaseUrl', 'databaseCa', 'secretKey', 'secretKeyPrevious'] as const;
  const database = await openDatabase(await readCommandConfig(terminal, needed), name);
  try {
    return await work(database);
  } finally {
    await database.orm.close(true);
  }
}

/** Opens PostgreSQL without time limits for statements. Closes it afterwards. */
export async function withOrm<Result>(
  terminal: Terminal,
  name: string,
  work: (orm: MikroORM) => Promise<Result>,
): Promise<Result> {
  const config = await readCommandConfig(terminal, ['databaseUrl', 'databaseCa']);
  const orm = await openMigrationOrm(config.databaseUrl, name, config.databaseCa);
  try {
    return await work(orm);
  } finally {
    await orm.close(true);
  }
}
