import type { Command } from 'commander';
import { hashProblem } from '../adapters/hash-formats.ts';
import { readJsonLines } from '../adapters/json-lines.ts';
import { createIds } from '../adapters/uuid-ids.ts';
import { ConfigError } from '../config/load-config.ts';
import { withBulkSession } from '../db/bulk-session.ts';
import type { Row } from '../ports/row-source.ts';
import type { BulkSession } from '../ports/sql.ts';
import { copyEvents, planEvents } from '../transfer/copy-events.ts';
import { userOfDjango } from '../transfer/django-records.ts';
import { type ImportOptions, planImport, runImport } from '../transfer/import-users.ts';
import { withoutTimeouts } from './command-config.ts';
import { type Define, type Output, printing, type Terminal } from './command-line.ts';
import { linesOfPlan } from './import-report.ts';
import { type DjangoSource, openDjango } from './import-source.ts';
import { drawProgress } from './progress-bar.ts';

interface Options {
  readonly from: string;
  readonly source: string;
  readonly table?: string;
  readonly dryRun?: boolean;
  readonly admins: boolean;
}

type Kind = 'django' | 'jsonl';

export const define: Define = (command, terminal) => {
  const django = command
    .command('django')
    .description('Imports users, and the audit log of drf-otp-auth, from Django.')
    .requiredOption(
      '--from <place>',
      'an SQLite file, a postgres:// URL or a .csv file of the users',
    )
    .option('--table <name>', 'table of the users, if there are several');
  importing(django, terminal, 'django', ({ from, table }) => openDjango(from, table));

  const jsonl = command
    .command('jsonl')
    .description('Imports users from a file that `export users` or a script has written.')
    .requiredOption('--from <file>', 'a file with one JSON object per line');
  importing(jsonl, terminal, 'jsonl', async ({ from }) => {
    return { users: readJsonLines(from), close: async () => undefined };
  });
};

/** Adds the options that all sources share, and the action. */
function importing(
  command: Command,
  terminal: Terminal,
  kind: Kind,
  open: (options: Options) => Promise<DjangoSource>,
): void {
  command
    .option('--source <name>', 'name of the other system, which its ids are stored under', kind)
    .option('--no-admins', 'import administrators as USER')
    .option('--dry-run', 'say what the import would change, and change nothing');
  printing(command, terminal, (options: Options) =>
    withoutTimeouts(terminal, 'gatehouse-importer', async ({ orm, factorSealer }) => {
      await orm.em.fork().execute('select from imported_accounts limit 1');
      const from = await open(options);
      try {
        return await withBulkSession(orm, (session) =>
          withLock(session, () => {
            const job = jobOf(options, kind, { session, factorSealer }, terminal);
            return importFrom(from, job, options, terminal);
          }),
        );
      } finally {
        await from.close();
      }
    }),
  );
}

function jobOf(
  { source, admins }: Options,
  kind: Kind,
  services: Pick<ImportOptions, 'session' | 'factorSealer'>,
  { stderr }: Terminal,
): ImportOptions {
  const now = new Date();
  const convert = (row: Row) => (kind === 'django' ? userOfDjango(row, now) : row.fields);
  return {
    ...{ ...services, source, now, hashProblem, newId: createIds() },
    recordOf: (row) => ({ ...convert(row), ...(!admins && { role: 'USER' }) }),
    progress: (step, share) => drawProgress(stderr, step, share),
  };
}

async function importFrom(
  from: DjangoSource,
  job: ImportOptions,
  { dryRun = false }: Options,
  { stderr }: Terminal,
): Promise<Output> {
  const users = await planImport(from.users, job);
  const events = from.events && (await planEvents(from.events, job.source));
  const plan = { users, ...(events && { events }) };
  const lines = linesOfPlan(plan);
  if (dryRun) {
    return { data: { plan, changed: false }, lines: [...lines, 'Dry run: nothing was changed.'] };
  }
  stderr.write(`${lines.join('\n')}\n`);
  const created = await runImport(users, job);
  const added = from.events ? await copyEvents(from.events, job) : 0;
  const line = `Created ${created} accounts, added ${added} audit events.`;
  return { data: { plan, changed: true, created, added }, lines: [line] };
}

/** Does the work while no other import runs. */
async function withLock<T>({ isDirect, query }: BulkSession, work: () => Promise<T>): Promise<T> {
  if (!isDirect) {
    const cure = 'Set DATABASE_URL to PostgreSQL itself for this command.';
    throw new ConfigError(`DATABASE_URL: leads to a pooler, which an import cannot use. ${cure}`);
  }
  const [lock] = await query<{ taken: boolean }>(
    `select pg_try_advisory_lock(hashtext('gatehouse-importer')) as taken`,
  );
  if (!lock?.taken) throw new ConfigError('Another import is running. Wait until it has ended.');
  try {
    return await work();
  } finally {
    // The lock ends with the connection, which may take a moment to close.
    await query('select pg_advisory_unlock_all()').catch(() => undefined);
  }
}
