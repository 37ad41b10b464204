import { join } from 'node:path';
import type { MikroORM } from '@mikro-orm/postgresql';
import { askSupervisor, socketIn } from '../adapters/supervisor-socket.ts';
import { type Config, ConfigError, readConfig, type Variables } from '../config/load-config.ts';
import { type Context, createContexts } from '../context.ts';
import { openExportOrm, openMigrationOrm } from '../db/orm.ts';
import { createSql } from '../db/prepared-sql.ts';
import { catchesUp } from '../db/replica-lag.ts';
import { readFromReplica } from '../db/replica-sql.ts';
import { attachDiagnosis, causeOf } from '../errors/outage-diagnosis.ts';
import { endpointOf } from '../errors/store-endpoint.ts';
import type { Sql } from '../ports/sql.ts';
import { type Database, databaseOn, openDatabase, openRuntime } from '../services.ts';
import type { Terminal } from './command-line.ts';

const NO_REPLICA =
  'DATABASE_READ_URL: the replica is unavailable or lags. Reads from the primary.\n';

/**
 * Reads the settings of a command. While `npm start` runs in the same directory, its stores and its
 * secret replace settings that the environment leaves out.
 * @param needed required settings; all by default
 */
export async function readCommandConfig<Key extends keyof Config = keyof Config>(
  terminal: Terminal,
  needed?: readonly Key[],
  defaults: Readonly<Record<string, string>> = {},
): Promise<Pick<Config, Key>> {
  const { variables: given, environment } = await readVariables(terminal);
  const variables = { ...defaults, ...given };
  const needsDatabase = needed?.some((key) => key === 'databaseUrl') ?? true;
  if (needsDatabase && !variables.DATABASE_URL) {
    throw new ConfigError(
      'DATABASE_URL: not set, and no `npm start` is running in this directory. ' +
        'Set DATABASE_URL, or run `npm start` first.',
    );
  }
  return readConfig(variables, environment, needed);
}

/** Reads the variables of a command, and the environment that `NODE_ENV` may change. */
export async function readVariables(terminal: Terminal) {
  const given = terminal.variables();
  const running = await askSupervisor(socketIn(join(terminal.directory, '.data')));
  return {
    variables: { ...running?.variables, ...given } as Variables,
    environment: running ? ('development' as const) : ('production' as const),
    /** Returns what sets a variable. */
    originOf: (name: string) => (given[name] ? terminal.originOf(name) : '`npm start`'),
  };
}

/** Opens PostgreSQL and the sealers for a command. Closes PostgreSQL afterwards. */
export async function withDatabase<Result>(
  terminal: Terminal,
  name: string,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const needed = ['databaseUrl', 'databaseCa', 'secretKey', 'secretKeyPrevious'] as const;
  const config = await readCommandConfig(terminal, needed);
  const database = await openDatabase(config, name);
  return closing(database.orm, config.databaseUrl, () => work(database));
}

/** Opens PostgreSQL without time limits for statements. Closes it afterwards. */
export async function withOrm<Result>(
  terminal: Terminal,
  name: string,
  work: (orm: MikroORM) => Promise<Result>,
): Promise<Result> {
  const config = await readCommandConfig(terminal, ['databaseUrl', 'databaseCa']);
  const orm = await openMigrationOrm(config.databaseUrl, name, config.databaseCa);
  return closing(orm, config.databaseUrl, () => work(orm));
}

const forExport = ['databaseUrl', 'databaseReadUrl', 'databaseReadMaxLag', 'databaseCa'] as const;

/**
 * Reads for an export: from the replica, if it soon has all that was written before, else from the
 * primary. What fails on the replica is read from the primary.
 */
export async function withExportReads<Result>(
  terminal: Terminal,
  name: string,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const config = await readCommandConfig(terminal, forExport);
  const { databaseUrl, databaseReadUrl, databaseCa: ca } = config;
  const orm = await openMigrationOrm(databaseUrl, name, ca);
  const primary = createSql(orm).sql;
  return closing(orm, databaseUrl, async () => {
    if (!databaseReadUrl) return work(primary);
    const replicaOrm = openExportOrm(databaseReadUrl, ca);
    const replica = createSql(replicaOrm).sql;
    try {
      let isUsable = await catchesUp(primary, replica, config.databaseReadMaxLag).catch(
        () => false,
      );
      const tell = () => terminal.stderr.write(NO_REPLICA);
      if (!isUsable) tell();
      const markDown = () => {
        isUsable = false;
        tell();
      };
      return await work(readFromReplica(primary, replica, { isUsable: () => isUsable, markDown }));
    } finally {
      await replicaOrm.close(true);
    }
  });
}

const forLongWork = [
  'databaseUrl',
  'databaseCa',
  'secretKey',
  'secretKeyPrevious',
  'auditRetentionDays',
  'auditWitness',
] as const satisfies readonly (keyof Config)[];
type LongConfig = Pick<Config, (typeof forLongWork)[number]>;

/** Opens PostgreSQL and the keys without time limits for statements. Closes it afterwards. */
export async function withoutTimeouts<Result>(
  terminal: Terminal,
  name: string,
  work: (database: Database & { readonly config: LongConfig }) => Promise<Result>,
): Promise<Result> {
  const config = await readCommandConfig(terminal, forLongWork);
  const orm = await openMigrationOrm(config.databaseUrl, name, config.databaseCa);
  return closing(orm, config.databaseUrl, () => work({ config, ...databaseOn(orm, config) }));
}

/** Opens all services for a command, whose name is its client in the audit log. Closes them. */
export async function withRuntime<Result>(
  terminal: Terminal,
  name: string,
  work: (ctx: Context) => Promise<Result>,
): Promise<Result> {
  const config = await readCommandConfig(terminal, undefined, { LOG_LEVEL: 'warn' });
  // The runtime would wait for an unavailable database.
  await withOrm(terminal, `gatehouse-${name}`, (orm) =>
    orm.em.fork().execute('select from accounts limit 1'),
  );
  const runtime = await openRuntime(config);
  const client = { ip: '127.0.0.1', prefix: '127.0.0.1/32', networks: [], userAgent: name };
  try {
    return await work(createContexts(runtime)({ client }));
  } finally {
    await runtime.close();
  }
}

/** Does the work and closes PostgreSQL. Failures with a known cause get a diagnosis. */
async function closing<Result>(orm: MikroORM, url: string, work: () => Promise<Result>) {
  try {
    return await work();
  } catch (error) {
    if (causeOf(error)) attachDiagnosis(error, endpointOf('DATABASE', url));
    throw error;
  } finally {
    await orm.close(true);
  }
}
