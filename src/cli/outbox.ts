import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../config/load-config.ts';
import { type ListedEntry, listEntries } from '../outbox/list-entries.ts';
import { outcomeName } from '../outbox/outbox-entry.entity.ts';
import { dropEntry, retryFailed } from '../outbox/retry-entries.ts';
import { outboxKinds } from '../ports/job-queue.ts';
import { withOrm } from './command-config.ts';
import { type Define, type Output, printing, tableOf, timeOf } from './command-line.ts';

/** Maximum number of entries in a list. */
const MOST_SHOWN = 200;

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const define: Define = (outbox, terminal) => {
  const open = (work: (em: SqlEntityManager) => Promise<Output>) =>
    withOrm(terminal, 'gatehouse-outbox', (orm) => work(orm.em.fork()));
  const listing = outbox
    .command('list')
    .description(`Lists the oldest ${MOST_SHOWN} entries that are waiting or have failed.`)
    .option('--all', 'also list completed entries');
  printing(listing, terminal, ({ all = false }) => open((em) => list(em, all)));

  const retrying = outbox
    .command('retry')
    .description('Retries a failed entry now.')
    .addArgument(new Argument('[id]', 'id of the entry').argParser(readId))
    .option('--all', 'retry every failed entry');
  printing(
    retrying,
    terminal,
    (id: string | undefined, { all = false }: { all?: boolean }, command: Command) => {
      if ((id === undefined) !== all) command.error('error: pass either an ID or --all');
      return open((em) => retry(em, id));
    },
  );

  const dropping = outbox
    .command('drop')
    .description('Removes a mail without sending it.')
    .addArgument(new Argument('<id>', 'id of the entry').argParser(readId))
    .option('--force', 'also remove an audit event, which will then be missing from the audit log');
  printing(dropping, terminal, (id: string, { force = false }: { force?: boolean }) =>
    open((em) => drop(em, id, force)),
  );
};

function readId(word: string): string {
  if (uuid.test(word)) return word;
  throw new InvalidArgumentError('Not an entry ID. See `npx gatehouse outbox list`.');
}

async function list(em: SqlEntityManager, all: boolean): Promise<Output> {
  const found = await listEntries(em, all, MOST_SHOWN + 1);
  const data = found.slice(0, MOST_SHOWN);
  if (data.length === 0) {
    return { data, lines: [all ? 'The outbox is empty.' : 'No waiting or failed entries.'] };
  }
  const titles = ['id', 'kind', 'state', 'tries', 'due', 'age', 'last error'];
  const lines = tableOf([titles, ...data.map(rowOf)]);
  if (found.length > MOST_SHOWN) lines.push(`Only the oldest ${MOST_SHOWN} entries are shown.`);
  return { data, lines };
}

function rowOf(entry: ListedEntry): string[] {
  const { id, kind, outcome, attempts, createdAt, dueAt, erased, lastError } = entry;
  const state = outcome ? outcomeName(outcome).toLowerCase().replace('_', ' ') : 'waiting';
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

/** Formats an age in the largest unit of which it has at least two. */
function ageOf(date: Date): string {
  const seconds = Math.max(0, Math.round((Date.now() - date.getTime()) / 1000));
  const units = Object.entries({ d: 86_400, h: 3600, min: 60 });
  const [unit, length] = units.find(([, size]) => seconds >= 2 * size) ?? ['s', 1];
  return `${Math.floor(seconds / length)} ${unit}`;
}

/** @param id all failed entries if undefined */
async function retry(em: SqlEntityManager, id: string | undefined): Promise<Output> {
  const retried = await retryFailed(em, id ?? null);
  if (id && retried === 0) {
    const cure = 'See `npx gatehouse outbox list`; instead of an erased code, request a new one.';
    throw new ConfigError(`No failed entry with this ID can be retried. ${cure}`);
  }
  const line = id ? 'The entry will be retried now.' : `Entries to be retried now: ${retried}`;
  return { data: { retried }, lines: [line] };
}

async function drop(em: SqlEntityManager, id: string, force: boolean): Promise<Output> {
  const kind = await dropEntry(em, id, force ? outboxKinds : ['mail']);
  if (!kind) {
    const cure = force
      ? 'See `npx gatehouse outbox list`.'
      : 'To drop an audit event, add --force.';
    throw new ConfigError(`No waiting or failed ${force ? 'entry' : 'mail'} has this ID. ${cure}`);
  }
  const loss = { mail: 'mail will not be sent', audit: 'event will be missing from the audit log' };
  return { data: { id, kind }, lines: [`Dropped. The ${loss[kind]}.`] };
}
