import { failedOutcomes, handledOutcomes } from '#src/outbox/outbox-entry.entity.ts';
import { earlierNow, retentionEnd } from '#src/ports/retention-end.ts';
import { deleteRetiredKeys, rotateDueKey } from '#src/signing-keys/rotate-keys.ts';
import type { WorkerContext } from './context.ts';
import { eraseAccounts } from './erase-accounts.ts';
import { inSteps } from './loops.ts';
import { partitionAudit } from './partition-audit.ts';
import { sealAudit } from './seal-audit.ts';
import { deleteWebhooks, switchOffWebhooks } from './switch-off-webhooks.ts';
import { witnessAudit } from './witness-audit.ts';
import { writeCounters } from './write-counters.ts';

/** A job that the workers repeat, one worker at a time. */
export interface ScheduledJob {
  /** Fixed name of its row in PostgreSQL, which outlives versions. At most 64 characters. */
  readonly name: string;
  /** Seconds from the end of a run to the next start. */
  readonly every: number;
  /** Seconds after which another worker may run it, if the first one died or failed. */
  readonly lease: number;
  /**
   * Runs the job. Safe to run twice, even concurrently: a worker may be slower than its lease.
   *
   * @param signal aborts the job between two steps; it is then due again immediately
   */
  readonly run: (worker: WorkerContext, signal: AbortSignal) => Promise<void>;
}

/** Seconds. */
const MINUTE = 60;
const HOUR = 60 * MINUTE;

const job = (name: string, every: number, run: ScheduledJob['run']): ScheduledJob => ({
  name,
  every,
  lease: MINUTE,
  run,
});

/** A rule for how long rows are kept. The texts are SQL; each rule reads one range of an index. */
interface Retention {
  readonly table:
    | 'accounts'
    | 'api_keys'
    | 'email_changes'
    | 'factor_changes'
    | 'outbox_entries'
    | 'redeemed_challenges'
    | 'sessions'
    | 'trusted_devices'
    | 'webhook_deliveries';
  readonly where?: string;
  /** Column or expression that the days are counted from. */
  readonly since: string;
  readonly days: number;
}

/** Deletes expired rows in short steps, oldest first. Leaves locked rows to the next run. */
function cleanUp(name: string, { table, where = 'true', since, days }: Retention): ScheduledJob {
  const statement = `with old as (
      select id from ${table} where ${where} and ${since} < ?
      order by ${since} limit ? for update skip locked
    )
    delete from ${table} using old where ${table}.id = old.id`;
  return job(name, HOUR, async (worker, signal) => {
    const { log, orm } = worker;
    const em = orm.em.fork();
    const end = await retentionEnd(worker, days);
    const deleteStep = async (size: number) =>
      (await em.execute<{ affectedRows: number }>(statement, [end, size], 'run')).affectedRows;
    const rows = await inSteps(200, deleteStep, signal);
    if (rows > 0) log.info({ table, rows }, 'Deleted expired rows.');
  });
}

/** All scheduled jobs. docs/reference/retention.md lists what is deleted. */
export const schedule: readonly ScheduledJob[] = [
  cleanUp('delete-ended-sessions', {
    table: 'sessions',
    // `least()` ignores null. Until the row is deleted, its client is known to the address.
    since: 'least(ended_at, idle_expires_at)',
    days: 30,
  }),
  cleanUp('delete-unproven-accounts', {
    table: 'accounts',
    where: 'email_verified_at is null and not provisioned',
    since: 'created_at',
    // Adds an hour for codes mailed on the last day. `OTP_TTL` is at most 10 minutes.
    days: 7 + 1 / 24,
  }),
  cleanUp('delete-old-email-changes', {
    table: 'email_changes',
    // Adds a day: until then an undo may come, or an audit event of the old address.
    since: 'created_at',
    days: 8,
  }),
  cleanUp('delete-old-factor-changes', {
    table: 'factor_changes',
    // A reset waits for at most 30 days, and can then be used for 7.
    since: 'created_at',
    days: 38,
  }),
  cleanUp('delete-handled-outbox-entries', {
    table: 'outbox_entries',
    where: handledOutcomes,
    since: 'done_at',
    days: 1,
  }),
  cleanUp('delete-failed-outbox-entries', {
    table: 'outbox_entries',
    // Failed audit events are kept until an operator has handled them.
    where: `${failedOutcomes} and kind = 'mail'`,
    since: 'done_at',
    days: 30,
  }),
  cleanUp('delete-redeemed-challenges', {
    table: 'redeemed_challenges',
    since: 'redeemed_at',
    days: 1,
  }),
  cleanUp('delete-expired-api-keys', { table: 'api_keys', since: 'expires_at', days: 30 }),
  cleanUp('delete-expired-trusted-devices', {
    table: 'trusted_devices',
    since: 'expires_at',
    days: 0,
  }),
  cleanUp('delete-delivered-webhook-messages', {
    table: 'webhook_deliveries',
    where: "status = 'DELIVERED'",
    since: 'ended_at',
    days: 3,
  }),
  cleanUp('delete-failed-webhook-messages', {
    table: 'webhook_deliveries',
    where: "status = 'FAILED'",
    since: 'ended_at',
    days: 30,
  }),
  job('switch-off-webhooks', MINUTE, switchOffWebhooks),
  job('delete-webhooks', MINUTE, deleteWebhooks),
  job('partition-audit-log', HOUR, partitionAudit),
  job('seal-audit-log', MINUTE, sealAudit),
  job('witness-audit-log', HOUR, witnessAudit('url')),
  job('mail-audit-checkpoint', 24 * HOUR, witnessAudit('mail')),
  job('erase-deleted-accounts', MINUTE, eraseAccounts),
  job('write-counted-failures', MINUTE, writeCounters),
  job('rotate-signing-key', HOUR, async (worker) => {
    const { orm, keySealer, clock, config, log } = worker;
    // A key is dated by this clock. If it is ahead, the key would sign too late and delay the next one.
    const ahead = clock.now().getTime() - (await earlierNow(worker)).getTime();
    if (ahead > MINUTE * 1000) return;
    const kid = await rotateDueKey({ em: orm.em.fork(), sealer: keySealer, clock }, config);
    if (kid) log.info({ kid }, 'Published a new signing key. It signs after 300 s.');
  }),
  job('delete-retired-keys', HOUR, async (worker) =>
    deleteRetiredKeys(worker.orm.em.fork(), await earlierNow(worker)),
  ),
];
