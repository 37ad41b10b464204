import { readCsv } from '../adapters/csv-rows.ts';
import { openSqlite } from '../adapters/sqlite-tables.ts';
import { openMigrationOrm } from '../db/orm.ts';
import { readTables } from '../db/postgres-tables.ts';
import { SourceError } from '../errors/source-error.ts';
import type { Rows, Tables } from '../ports/row-source.ts';
import { findDjangoTables } from '../transfer/django-records.ts';

/** Users of Django, and the events of drf-otp-auth if it has them. */
export interface DjangoSource {
  readonly users: Rows;
  readonly events?: Rows | undefined;
  close(): Promise<void>;
}

/** Opens a CSV file, an SQLite file or the URL of a PostgreSQL database. */
export async function openDjango(from: string, table?: string): Promise<DjangoSource> {
  if (/\.csv$/i.test(from)) return { users: readCsv(from), close: async () => undefined };
  const isUrl = /^postgres(ql)?:\/\//.test(from);
  const tables = isUrl ? await openPostgres(from) : await openSqlite(from);
  try {
    const { users, events } = await findDjangoTables(tables, table);
    const ofEvents = events === undefined ? undefined : tables.rows(events);
    const close = () => tables.close();
    return { users: tables.rows(users), events: ofEvents, close };
  } catch (error) {
    await tables.close();
    throw error;
  }
}

async function openPostgres(url: string): Promise<Tables> {
  if (!URL.canParse(url)) throw new SourceError('--from: not a valid PostgreSQL URL.');
  const orm = await openMigrationOrm(url, 'gatehouse-importer');
  try {
    await orm.em.fork().execute('select 1');
    return readTables(orm);
  } catch (cause) {
    await orm.close(true);
    const { host } = new URL(url);
    const reason = (cause as Error).message;
    throw new SourceError(`--from: cannot connect to ${host} (${reason}).`, { cause });
  }
}
