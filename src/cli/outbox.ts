import { parseArgs } from 'node:util';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { ConfigError, environmentVariables, readConfig } from '../config.ts';
import { openMigrationOrm } from '../db/orm.ts';
import { runningVariables } from '../embedded/running-variables.ts';
import { type ListedEntry, listEntries } from '../outbox/list.ts';
import { dropEntry, retryFailed } from '../outbox/retry.ts';
import { type OutboxKind, outboxKinds } from '../ports.ts';
import { run } from '../process.ts';
import { printTable, timeOf } from './table.ts';

/** Entries that are shown. */
const MOST_SHOWN = 200;

const usage = 'Usage: npm run outbox -- list [--all] | retry ID | retry --all | drop ID [--force]';

const options = { all: { type: 'boolean' }, force: { type: 'boolean' } } as const;

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

type Command = (em: SqlEntityManager, id: string) => Promise<void>;

const commands = new Map<string, Command>([
  ['list', (em) => list(em, false)],
  ['list --all', (em) => list(em, true)],
  ['retry ID', retryOne],
  ['retry --all', retryAll],
  ['drop ID', (em, id) => drop(em, id, ['mail'])],
  ['drop ID --force', (em, id) => drop(em, id, outboxKinds)],
]);

/** `npm run outbox -- …`: mails and audit events that wait or failed. PostgreSQL is enough. */
await run(async () => {
  const { words, id } = readArguments();
  const command = commands.get(words);
  if (!command) throw new ConfigError(usage);
  // On a machine of development: the database of the `npm start` that runs beside this.
  const running = runningVariables('.data');
  const variables = { ...running, ...environmentVariables() };
  const config = readConfig(variables, running ? 'development' : 'production');
  const orm = await openMigrationOrm(config.databaseUrl, 'gatehouse-outbox');
  try {
    await command(orm.em.fork(), id);
  } finally {
    await orm.close(true);
  }
});

/** What was typed, with `ID` in the place of an id. */
function readArguments(): { words: string; id: string } {
  const { positionals, values } = parse();
  const id = positionals.find((word) => uuid.test(word)) ?? '';
  const flags = Object.keys(values).map((name) => `--${name}`);
  const words = [...positionals.map((word) => (word === id ? 'ID' : word)), ...flags];
  return { words: words.join(' '), id };
}

function parse() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (cause) {
    throw new ConfigError(usage, { cause });
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
