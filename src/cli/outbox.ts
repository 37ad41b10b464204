import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../config/load-config.ts';
import { openMigrationOrm } from '../db/orm.ts';
import { type ListedEntry, listEntries } from '../outbox/list-entries.ts';
import { dropEntry, retryFailed } from '../outbox/retry-entries.ts';
import { type OutboxKind, outboxKinds } from '../ports/job-queue.ts';
import { readCommandConfig } from './command-config.ts';
import { commandLine, run } from './command-line.ts';
import { printTable, timeOf } from './table.ts';

/** Entries that are shown. */
const MOST_SHOWN = 200;

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const program = commandLine(
  'npm run outbox --',
  'Manages mails and audit events that are waiting or have failed. Needs PostgreSQL only.',
);
program
  .command('list')
  .description(`Lists the oldest ${MOST_SHOWN} entries that are waiting or have failed.`)
  .option('--all', 'also list completed entries')
  .action(({ all = false }) => withEntries((em) => list(em, all)));
program
  .command('retry')
  .description('Retries a failed entry at once.')
  .addArgument(new Argument('[id]', 'id of the entry').argParser(readId))
  .option('--all', 'retry every failed entry')
  .action((id: string | undefined, { all = false }, retry: Command) => {
    if ((id === undefined) !== all) retry.error('error: give either an id or --all');
    return withEntries((em) => (id ? retryOne(em, id) : retryAll(em)));
  });
program
  .command('drop')
  .description('Removes a mail without sending it.')
  .addArgument(new Argument('<id>', 'id of the entry').argParser(readId))
  .option('--force', 'also remove an audit event, which will then be missing from the audit log')
  .action((id: string, { force = false }) =>
    withEntries((em) => drop(em, id, force ? outboxKinds : ['mail'])),
  );
await run(program);

function readId(word: string): string {
  if (uuid.test(word)) return word;
  throw new InvalidArgumentError('`list` shows the ids.');
}

async function withEntries(work: (em: SqlEntityManager) => Promise<void>): Promise<void> {
  const { databaseUrl, databaseCa } = await readCommandConfig(['databaseUrl', 'databaseCa']);
  const orm = await openMigrationOrm(databaseUrl, 'gatehouse-outbox', databaseCa);
  try {
    await work(orm.em.fork());
  } finally {
    await orm.close(true);
  }
}

async function list(em: SqlEntityManager, all: boolean): Promise<void> {
  const entries = await listEntries(em, all, MOST_SHOWN + 1);
  if (entries.length === 0) {
    console.log(all ? 'The outbox is empty.' : 'Nothing waits, and nothing failed.');
    return;
  }
  const titles = ['id', 'kind', 'state', 'tries', 'due', 'age', 'last error'];
  printTable([titles, ...entries.slice(0, MOST_SHOWN).map(rowOf)]);
  if (entries.length > MOST_SHOWN) console.log(`These are the oldest ${MOST_SHOWN}.`);
}

function rowOf(entry: ListedEntry): string[] {
  const { id, kind, outcome, attempts, createdAt, dueAt, erased, lastError } = entry;
  const state = outcome?.toLowerCase().replace('_', ' ') ?? 'waiting';
  return [
    id,
    kind,
    state + (erased ? ' (erased)' : ''),
    String(attempts),
    outcome ? '-' : timeOf(dueAt),
    ageOf(createdAt),
    lastError ?? '-',
  ];
}

/** In the largest unit of which there are two. */
function ageOf(date: Date): string {
  const seconds = Math.max(0, Math.round((Date.now() - date.getTime()) / 1000));
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const [length, unit] = units.find(([size]) => seconds >= 2 * size) ?? [1, 's'];
  return `${Math.floor(seconds / length)} ${unit}`;
}

async function retryOne(em: SqlEntityManager, id: string): Promise<void> {
  if ((await retryFailed(em, id)) === 0) {
    throw new ConfigError('No entry that failed has this id, or its text is erased.');
  }
  console.log('It is tried again at once.');
}

async function retryAll(em: SqlEntityManager): Promise<void> {
  console.log(`Tried again at once: ${await retryFailed(em, null)}`);
}

async function drop(em: SqlEntityManager, id: string, kinds: readonly OutboxKind[]): Promise<void> {
  const kind = await dropEntry(em, id, kinds);
  if (!kind) {
    throw new ConfigError(
      kinds.includes('audit')
        ? 'No entry that waits or failed has this id.'
        : 'No mail that waits or failed has this id. An audit event is dropped with --force only.',
    );
  }
  console.log(kind === 'mail' ? 'It will not be sent.' : 'It will be missing in the audit log.');
}
