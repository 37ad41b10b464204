import type { NewId } from '../ports/clock.ts';
import { mailboxOf } from '../ports/mailbox-of.ts';
import type { Row, Rows } from '../ports/row-source.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { BulkSession } from '../ports/sql.ts';
import { problemOf } from './django-records.ts';
import { type Finding, Findings } from './findings.ts';
import {
  countNotes,
  countOutcomes,
  createStaging,
  decide,
  insertBatch,
  stagedColumns,
} from './import-statements.ts';
import { stageFactors } from './stage-factors.ts';
import { type UserRecord, userRecord } from './user-record.ts';

/** Rows of one transaction. It is short, because sign-ups with their addresses wait for it. */
const BATCH = 2000;

const uuid = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** Plan of an import. */
export interface ImportPlan {
  readonly read: number;
  readonly findings: Readonly<Record<string, Finding>>;
}

export interface ImportOptions {
  readonly session: BulkSession;
  readonly newId: NewId;
  readonly now: Date;
  /** Name of the other system, which the ids of its users are unique in. */
  readonly source: string;
  /** Converts a row to a user record. */
  readonly recordOf: (row: Row) => unknown;
  /** Returns why a password hash cannot be imported. */
  readonly hashProblem: (hash: string) => string | undefined;
  /** Encrypts secrets of authenticator apps, and decrypts those of another installation. */
  readonly factorSealer: Sealer;
  /** Shows the progress of a step, from 0 to 1. */
  readonly progress: (step: string, share: number) => void;
}

/** Reads and checks all rows, and decides about each. Changes nothing. */
export async function planImport(rows: Rows, options: ImportOptions): Promise<ImportPlan> {
  const { session, source } = options;
  const findings = new Findings();
  let read = 0;
  async function* staged() {
    for await (const row of rows) {
      read += 1;
      const values = stage(row, read, options, findings);
      if (values) yield values;
      if (read % 1000 === 0) options.progress('read', rows.share);
    }
  }
  await session.query(createStaging);
  await session.copy('staged_users', stagedColumns, staged());
  options.progress('read', 1);
  await session.query('analyze staged_users');
  await session.query(decide, [source]);
  // Otherwise PostgreSQL expects no row to import, and compares each with each.
  await session.query('analyze staged_users');
  const counted = await session.query<Finding & { outcome: string }>(countOutcomes);
  const noted = await session.query<Finding & { note: string }>(countNotes);
  const byName = [
    ...counted.map(({ outcome, ...finding }) => [outcome, finding] as const),
    ...noted.map(({ note, ...finding }) => [note, finding] as const),
  ];
  return { read, findings: { ...findings.found, ...Object.fromEntries(byName) } };
}

/** Checks a row. @returns its values in the staging table; undefined if it is skipped */
function stage(row: Row, number: number, options: ImportOptions, findings: Findings) {
  const parsed = userRecord.safeParse(options.recordOf(row));
  if (!parsed.success) {
    findings.add('invalid', `${row.place}: ${problemOf(parsed.error)}`);
    return undefined;
  }
  const user = parsed.data;
  const { now, newId } = options;
  if (user.email_verified_at === null) {
    findings.add('unverified', `${row.place}: ${user.email}`);
    return undefined;
  }
  const createdAt = user.created_at ?? now;
  const id = user.id ?? user.email;
  // Some systems write UUIDs in upper case. The encrypted secret of an app names the one of PostgreSQL.
  const accountId = uuid.test(id) ? id.toLowerCase() : newId(createdAt);
  const time = (date: Date | null | undefined) => date?.toISOString() ?? null;
  return [
    ...[String(number), row.place, id],
    ...[accountId, newId(now), user.email, mailboxOf(user.email)],
    passwordOf(user, row, options, findings),
    ...[user.first_name || null, user.last_name || null, user.role],
    ...[createdAt, user.last_login_at, user.email_verified_at ?? now, user.disabled_at].map(time),
    JSON.stringify(user.metadata),
    factorsOf(user, { accountId, externalId: id, now }, options, (kind) =>
      findings.add(kind, `${row.place}: ${user.email}`),
    ),
  ];
}

/** Returns the second factors to store, as JSON. */
function factorsOf(
  { factors }: UserRecord,
  owner: Parameters<typeof stageFactors>[1],
  { factorSealer }: ImportOptions,
  find: (kind: string) => void,
): string | null {
  if (!factors) return null;
  const { json, lacksApp, isLockedOut } = stageFactors(factors, owner, factorSealer);
  if (lacksApp) find('app');
  if (isLockedOut) find('locked out');
  return json;
}

/** Returns the hash to store. Django writes `!` and a text for a user without a password. */
function passwordOf(user: UserRecord, row: Row, options: ImportOptions, findings: Findings) {
  const { password_hash: hash } = user;
  if (!hash || hash.startsWith('!')) return null;
  const problem = options.hashProblem(hash);
  if (problem === undefined) return hash;
  findings.add('password', `${row.place}: ${user.email}: ${problem}`);
  return null;
}

/** Imports what the plan says. @returns the number of created accounts */
export async function runImport(plan: ImportPlan, options: ImportOptions): Promise<number> {
  const { session, source, now, progress } = options;
  let created = 0;
  for (let first = 1; first <= plan.read; first += BATCH) {
    const client = ['127.0.0.1', 'import'];
    const values = [first, first + BATCH - 1, source, now, ...client];
    const [row] = await session.query<{ created: number }>(insertBatch, values);
    created += row?.created ?? 0;
    progress('accounts', Math.min(1, (first + BATCH - 1) / plan.read));
  }
  return created;
}
