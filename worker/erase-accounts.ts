import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { smallestIdAt } from '#src/audit/id-range.ts';
import { pseudonymOf } from '#src/audit/pseudonym.ts';
import { personalColumn } from '#src/audit/row-digest.ts';
import { earlierNow } from '#src/ports/retention-end.ts';
import type { WorkerContext } from './context.ts';
import { inSteps } from './loops.ts';

/** Milliseconds by which the clock of a server may be ahead. */
const CLOCK_TOLERANCE = 60_000;
/** Milliseconds during which events from before a deletion may still arrive. */
const LATE = 10 * 60_000;
/** Rows of the audit log that one statement changes. */
const STEP = 500;

interface Erasure {
  readonly account_id: string;
  readonly email: string;
  readonly requested_at: string;
}

/**
 * Replaces the addresses of deleted accounts in the audit log by pseudonyms, and removes clients and
 * metadata. Keeps the digest of what was removed, without its salt, so that the seals stay valid.
 * Leaves the events of a later account with the same address alone.
 */
export async function eraseAccounts(worker: WorkerContext, signal: AbortSignal): Promise<void> {
  const em = worker.orm.em.fork();
  const now = (await earlierNow(worker)).getTime();
  const erasures = await em.execute<Erasure[]>('select * from erasures order by requested_at');
  for (const erasure of erasures) {
    if (signal.aborted) return;
    const { account_id: id, email } = erasure;
    const requestedAt = new Date(erasure.requested_at).getTime();
    const end = new Date(requestedAt + CLOCK_TOLERANCE);
    const later = smallestIdAt(end.getTime());
    const own = 'account_id = ? and account_id is not null';
    const rows =
      (await inSteps(STEP, (size) => erase(em, id, own, [id, later, size]), signal)) +
      (await inSteps(
        STEP,
        (size) => erase(em, id, 'email = ? and account_id is null', [email, later, size]),
        signal,
      ));
    await em.execute('update audit_counters set email = ? where email = ? and hour <= ?', [
      ...[pseudonymOf(id), email, end],
    ]);
    if (rows > 0) worker.log.info({ rows }, 'Erased a deleted account from the audit log.');
    if (now < requestedAt + LATE) continue;
    await em.execute(
      `delete from erasures where account_id = ? and email = ? and not exists (
         select from outbox_entries where kind = 'audit' and done_at is null and created_at <= ?
       )`,
      [id, email, end],
    );
  }
}

/** Erases some rows. `which` is SQL, whose value, the end and the number of rows are `values`. */
async function erase(em: SqlEntityManager, accountId: string, which: string, values: unknown[]) {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `update audit_events
     set erased_digest = sha256(coalesce(salt, '') || convert_to(${personalColumn}, 'UTF8')),
       email = ?, ip_address = '', user_agent = '', metadata = '{}', salt = null
     where id in (
       select id from audit_events
       where ${which} and id < ? and erased_digest is null and event <> 'USER_DELETED'
       limit ?
     )`,
    [pseudonymOf(accountId), ...values],
    'run',
  );
  return affectedRows;
}
