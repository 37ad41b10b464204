import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { MailOrder } from '../ports/mail-order.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Sql } from '../ports/sql.ts';
import {
  type Claim,
  type ClaimedEntry,
  claimDue,
  claimOldestMails,
  renewClaims,
} from './outbox-statements.ts';

/** SQL: an entry is overdue. Values: seconds. */
export const isOverdue = 'due_at <= now() - make_interval(secs => ?)';

/**
 * Claims entries that are due, for `lease` seconds. When the lease expires, another worker may claim
 * them, unless it was renewed.
 * @returns an entry for each id; undefined if it was not claimed, or is there twice
 */
export async function claimEntries(
  sql: Sql,
  ids: readonly string[],
  kind: OutboxKind,
  lease: number,
): Promise<(ClaimedEntry | undefined)[]> {
  const rows = await sql.query(claimDue, [lease, ids, kind]);
  const claimed = new Map(rows.map((entry) => [entry.id, entry]));
  return ids.map((id) => {
    const entry = claimed.get(id);
    claimed.delete(id);
    return entry;
  });
}

/** Claims the mails that are overdue the longest, by `age` seconds at least. */
export const claimOverdueMails = (sql: Sql, lease: number, age: number, limit: number) =>
  sql.query(claimOldestMails, [lease, age, limit]);

/** Extends claims to `lease` seconds from now. Ignores claims that were lost. */
export async function renewEntries(
  sql: Sql,
  claims: readonly Claim[],
  lease: number,
): Promise<void> {
  const values = [claims.map(({ id }) => id), claims.map(({ attempts }) => attempts)];
  await sql.query(renewClaims, [...values, lease]);
}

/** Returns the audit entries that are overdue by `age` seconds, the longest overdue first. */
export async function overdueAuditEntries(em: SqlEntityManager, age: number, limit: number) {
  const rows = await em.execute<{ id: string }[]>(
    `select id from outbox_entries where kind = 'audit' and done_at is null and ${isOverdue}
     order by due_at limit ?`,
    [age, limit],
  );
  return rows.map(({ id }) => id);
}

/** Decrypts a mail of `enqueueMail`. @throws if it was changed or moved to another entry */
export function openMail(sealer: Sealer, id: string, payload: string): MailOrder {
  const dates = new Set(['at', 'expiresAt', 'dueAt']);
  return JSON.parse(sealer.open(id, payload), (key, value) =>
    dates.has(key) ? new Date(value) : value,
  );
}
