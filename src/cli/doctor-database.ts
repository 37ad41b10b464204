import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lastSeal } from '../audit/seal-statements.ts';
import type { Config } from '../config/load-config.ts';
import { probeDatabase } from '../db/probe.ts';
import { diagnosisOf } from '../errors/outage-diagnosis.ts';
import { failedOutcomes } from '../outbox/outbox-entry.entity.ts';
import type { Statement } from '../ports/sql.ts';
import { type Database, openDatabase } from '../services.ts';
import { listKeys } from '../signing-keys/list-keys.ts';
import { clockProblem, type Finding, Findings } from './finding.ts';

/** The oldest major version that its project maintains. */
const OLDEST = 14;
/** Connections that PostgreSQL keeps for its superuser. */
const RESERVED = 3;
/** Seconds after which a waiting entry means that no worker runs. */
const LATE = 60;

interface ServerFacts {
  readonly version: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly connections: number;
  readonly size: string;
}

const readFacts: Statement<ServerFacts> = {
  name: 'doctor-facts',
  text: `select current_setting('server_version') as version,
    (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
    current_setting('max_connections')::int as connections,
    pg_size_pretty(pg_database_size(current_database())) as size`,
};

const readOutbox: Statement<{ failed: number; late: number }> = {
  name: 'doctor-outbox',
  text: `select count(*) filter (where ${failedOutcomes})::int as failed,
    count(*) filter (where done_at is null and attempts = 0
      and due_at < now() - make_interval(secs => ${LATE}))::int as late
    from outbox_entries`,
};

const readOwner: Statement<{ owns: boolean }> = {
  name: 'doctor-owner',
  text: `select pg_has_role(current_user, relowner, 'USAGE') as owns from pg_class
    where oid = 'audit_events'::regclass`,
};

/** Names a key that expires within a week. */
const readExpiring: Statement<{ name: string; days: number }> = {
  name: 'doctor-api-keys',
  text: `select name, ceil(extract(epoch from expires_at - now()) / 86400)::int as days
    from api_keys where expires_at between now() and now() + interval '7 days'
    order by expires_at limit 1`,
};

/** Checks PostgreSQL, the schema, the keys, the outbox and the chain of the audit log. */
export async function checkDatabase(config: Config): Promise<readonly Finding[]> {
  const findings = new Findings('PostgreSQL');
  const database = await openDatabase(config, 'gatehouse-doctor');
  try {
    checkServer(findings, config, await database.sql.query(readFacts));
    if (!(await checkSchema(findings, database))) return findings.all;
    await probeDatabase(database.orm.em.fork());
    await checkOwner(findings, database);
    await checkKeys(findings, database);
    await checkApiKeys(findings, database);
    await checkOutbox(findings, database);
    await checkChain(findings, database);
  } catch (error) {
    const line = diagnosisOf(error)?.line;
    if (!line) throw error;
    findings.problem(line);
  } finally {
    await database.orm.close(true);
  }
  return findings.all;
}

function checkServer(findings: Findings, config: Config, [facts]: readonly ServerFacts[]): void {
  if (!facts) return;
  findings.ok(`version ${facts.version}, database of ${facts.size}`);
  if (Number.parseInt(facts.version, 10) < OLDEST)
    findings.warning(`Version ${facts.version} is no longer maintained. Upgrade PostgreSQL.`);
  const clock = clockProblem(facts.now);
  if (clock) findings.problem(clock);
  const { webConcurrency, databaseConnections } = config;
  const needed = (webConcurrency + 1) * databaseConnections;
  if (needed > facts.connections - RESERVED)
    findings.problem(
      `max_connections is ${facts.connections}, but ${webConcurrency} server processes and a worker open up to ${needed}. Raise max_connections, or lower WEB_CONCURRENCY.`,
    );
}

/** @returns whether no migration is missing */
async function checkSchema(findings: Findings, { orm }: Database): Promise<boolean> {
  const folder = resolve(import.meta.dirname, '../db/migrations');
  const known = (await readdir(folder)).map((file) => file.replace(/\.[tj]s$/, ''));
  const em = orm.em.fork();
  const exists = "select to_regclass('mikro_orm_migrations') is not null as exists";
  const [table] = await em.execute<{ exists: boolean }[]>(exists);
  const list = 'select name from mikro_orm_migrations';
  const rows = table?.exists ? await em.execute<{ name: string }[]>(list) : [];
  const done = new Set(rows.map(({ name }) => name));
  const missing = known.filter((name) => !done.has(name));
  const newer = [...done].filter((name) => !known.includes(name));
  if (missing.length > 0)
    findings.problem(
      `The schema lacks ${missing.length} migrations of this release. Run \`npx gatehouse migrate\`.`,
    );
  else findings.ok('schema of this release');
  if (newer.length > 0)
    findings.warning('The schema is of a newer release. Upgrade Gatehouse to that release.');
  return missing.length === 0;
}

async function checkOwner(findings: Findings, { sql }: Database): Promise<void> {
  const [row] = await sql.query(readOwner);
  if (row?.owns === false)
    findings.warning(
      'The role of DATABASE_URL does not own the tables, so workers cannot create partitions of the audit log. Run `npx gatehouse migrate` as their owner each month.',
    );
}

async function checkKeys(findings: Findings, { orm, keySealer, clock }: Database): Promise<void> {
  const keys = await listKeys({ em: orm.em.fork(), sealer: keySealer, clock });
  const used = new Set(keys.map(({ secret }) => secret));
  if (used.has('other'))
    findings.problem(
      'SECRET_KEY: cannot decrypt the signing keys. Set the SECRET_KEY that encrypted them, or set SECRET_KEY_PREVIOUS to it.',
    );
  if (used.has('previous'))
    findings.warning(
      'SECRET_KEY_PREVIOUS still encrypts signing keys. Run `npx gatehouse keys reseal`, then remove it.',
    );
}

async function checkApiKeys(findings: Findings, { sql }: Database): Promise<void> {
  const [key] = await sql.query(readExpiring);
  if (key)
    findings.warning(
      `The API key ${key.name} expires within ${key.days} days. Create the next one with \`npx gatehouse api-keys create\`.`,
    );
}

async function checkOutbox(findings: Findings, { sql }: Database): Promise<void> {
  const [row] = await sql.query(readOutbox);
  if (row && row.late > 0)
    findings.problem(
      `${row.late} mails or audit events wait for more than ${LATE} s. Start a worker, and read its log.`,
    );
  if (row && row.failed > 0)
    findings.warning(
      `${row.failed} mails or audit events have failed. See \`npx gatehouse outbox list\`.`,
    );
}

async function checkChain(findings: Findings, { sql, auditKey }: Database): Promise<void> {
  const [seal] = await sql.query(lastSeal);
  if (seal && auditKey.verify(seal.digest, seal) !== 'right')
    findings.problem(
      'The last seal of the audit log has a wrong or unknown signature. Run `npx gatehouse audit verify`.',
    );
}
