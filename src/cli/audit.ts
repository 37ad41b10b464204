import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { restartChain } from '../audit/append-seal.ts';
import { hasOldEvents, monthOf } from '../audit/audit-partitions.ts';
import { auditEvents } from '../audit/event-types.ts';
import { type ExportRange, exportEvents } from '../audit/export-events.ts';
import { lastCheckpoint } from '../audit/last-checkpoint.ts';
import { pruneEvents } from '../audit/prune-events.ts';
import type { Checkpoint } from '../audit/seal.ts';
import { type ChainReport, type Finding, verifyChain } from '../audit/verify-chain.ts';
import { ConfigError } from '../config/load-config.ts';
import { retentionEnd } from '../ports/retention-end.ts';
import { withExportReads, withoutTimeouts } from './command-config.ts';
import {
  type Define,
  type Output,
  printing,
  type Terminal,
  timeOf,
  writeAll,
} from './command-line.ts';
import { drawProgress } from './progress-bar.ts';

export const define: Define = (audit, terminal) => {
  audit
    .command('export')
    .description('Writes events as JSON Lines, oldest first.')
    .option('--from <time>', 'first time, such as 2026-11-01 or 2026-11-01T12:00:00Z', readTime)
    .option('--to <time>', 'last time', readTime)
    .option('--event <name...>', 'only these events', readEvent, [])
    .action((options) => exportAll(terminal, options));

  const verification = audit
    .command('verify')
    .description(
      'Checks that no sealed event was changed or removed, and names the first that was.',
    )
    .option('--since <seal>', 'only seals from this number or time on', readSince)
    .option('--witness <file>', 'checkpoints as JSON Lines; default: the file of AUDIT_WITNESS');
  printing(verification, terminal, (options: VerifyOptions) => verify(terminal, options));

  const pruning = audit
    .command('prune')
    .description('Deletes the months that ended before a time. A seal records it.')
    .option('--before <time>', 'default: AUDIT_RETENTION_DAYS ago', readTime)
    .option('--yes', 'delete, instead of showing what would be deleted');
  printing(pruning, terminal, (options: PruneOptions) => prune(terminal, options));

  const restart = audit
    .command('restart')
    .description('Starts the chain of seals again, after `verify` has explained why it ended.')
    .requiredOption('--yes', 'confirm that the chain up to now was checked');
  printing(restart, terminal, () =>
    withoutTimeouts(terminal, 'gatehouse-audit', async (database) => {
      await restartChain(database);
      return { data: {}, lines: ['The chain starts again. Workers seal new events in a minute.'] };
    }),
  );
};

function readTime(word: string): Date {
  const time = new Date(word);
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(word) && !Number.isNaN(+time)) {
    return time;
  }
  throw new InvalidArgumentError('Write 2026-11-01 or 2026-11-01T12:00:00Z.');
}

/** Reads the number of a seal, or a time. */
const readSince = (word: string): number | Date =>
  /^[1-9]\d{0,14}$/.test(word) ? Number(word) : readTime(word);

function readEvent(word: string, before: readonly string[]): string[] {
  const name = word.toUpperCase();
  if (name in auditEvents) return [...before, name];
  throw new InvalidArgumentError(`Write one of ${Object.keys(auditEvents).join(', ')}.`);
}

interface ExportOptions extends Pick<ExportRange, 'from' | 'to'> {
  readonly event: readonly string[];
}

const exportAll = (terminal: Terminal, { from, to, event }: ExportOptions): Promise<void> =>
  withExportReads(terminal, 'gatehouse-audit', (sql) => {
    const events = event.length > 0 ? event : undefined;
    return writeAll(exportEvents(sql, { from, to, events }), terminal);
  });

interface VerifyOptions {
  readonly since?: number | Date;
  readonly witness?: string;
}

const verify = (terminal: Terminal, { since, witness: file }: VerifyOptions): Promise<Output> =>
  withoutTimeouts(terminal, 'gatehouse-audit', async ({ config, ...database }) => {
    const { auditWitness } = config;
    const path = file ?? (auditWitness?.kind === 'file' ? auditWitness.path : undefined);
    const last = await lastCheckpoint(database.sql);
    // The first seal creates the file of the setting.
    const witnessed = path && (file || last) ? await readWitness(path) : [];
    const report = (seal: number) =>
      drawProgress(terminal.stderr, 'verify', Math.min(1, seal / (last?.number ?? 1)));
    const data = await verifyChain(database, { witnessed, since, report });
    return { data, lines: linesOf(data), ...(data.found > 0 && { failure: failureOf(data) }) };
  });

function failureOf({ found, restarted }: ChainReport): string {
  const failure = `The log is not as it was sealed. Findings: ${found}`;
  if (!restarted) return failure;
  return `${failure}\nAn operator restarted the chain at seal ${restarted}. Once these findings are explained, check the later events: npx gatehouse audit verify --since ${restarted}`;
}

async function readWitness(path: string): Promise<Checkpoint[]> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigError(`Cannot read the witness ${path}: ${cause.code}`, { cause });
  });
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    try {
      const { number, sealedAt, digest } = JSON.parse(line);
      if (Number.isInteger(number)) return { number, sealedAt, digest };
    } catch {}
    throw new ConfigError(`${path}: line ${index + 1} is not a checkpoint`);
  });
}

function linesOf({ seals, last, rows, findings }: ChainReport): string[] {
  const { verified, pruned, erased, waiting, before } = rows;
  return [
    `Seals: ${seals}${last ? `, the last at ${timeOf(new Date(last.sealedAt))}` : ''}`,
    `Events as they were sealed: ${verified}, of which erased with their account: ${erased}`,
    `Pruned: ${pruned}. Waiting for a seal: ${waiting}. From before the chain: ${before}`,
    ...(last ? [`Checkpoint: ${JSON.stringify(last)}`] : []),
    ...findings.map(lineOf),
  ];
}

function lineOf({ seal, row, problem }: Finding): string {
  const place = [seal && `seal ${seal}`, row && `event ${row}`].filter(Boolean).join(', ');
  return `Finding: ${place}: ${problem}`;
}

interface PruneOptions {
  readonly before?: Date;
  readonly yes?: true;
}

const prune = (terminal: Terminal, { before, yes }: PruneOptions): Promise<Output> =>
  withoutTimeouts(terminal, 'gatehouse-audit', async ({ config, orm, ...database }) => {
    const days = config.auditRetentionDays;
    if (!before && days === 0) {
      throw new ConfigError('AUDIT_RETENTION_DAYS is 0, which keeps events forever. Add --before.');
    }
    const end = before ?? (await retentionEnd(database, days));
    const em = orm.em.fork();
    const month = timeOf(monthOf(end));
    if (!yes) {
      const any = await hasOldEvents(em, end);
      const line = any
        ? `Would delete the events from before ${month}. Add --yes to delete them.`
        : `No events from before ${month}.`;
      return { data: { before: month, any }, lines: [line] };
    }
    const pruned = await pruneEvents({ ...database, em }, end);
    const parts = `partitions: ${pruned.partitions.length}, other rows: ${pruned.rows}`;
    return { data: pruned, lines: [`Deleted the events from before ${month} (${parts}).`] };
  });
