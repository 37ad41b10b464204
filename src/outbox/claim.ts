import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { MailOrder } from '../ports/mail-order.ts';
import type { Sealer } from '../ports/sealer.ts';

/** An entry that one worker has claimed. Times are seconds, by PostgreSQL's clock. */
export interface ClaimedEntry {
  readonly id: string;
  readonly payload: string;
  /** Number of claims, including this one. Identifies the claim. */
  readonly attempts: number;
  /** Since it was enqueued. */
  readonly age: number;
  /** Until it expires; null if it never does. */
  readonly left: number | null;
}

const isWaiting = 'done_at is null and (expires_at is null or expires_at > now())';
/** SQL: an entry is overdue. Values: seconds. */
export const isOverdue = 'due_at <= now() - make_interval(secs => ?)';

async function claim(em: SqlEntityManager, condition: string, lease: number, values: unknown[]) {
  const [entry] = await em.execute<ClaimedEntry[]>(
    `update outbox_entries
     set due_at = now() + make_interval(secs => ?), attempts = attempts + 1
     where ${condition}
     returning id, payload, attempts,
       extract(epoch from now() - created_at)::float8 as age,
       extract(epoch from expires_at - now())::float8 as "left"`,
    [lease, ...values],
  );
  return entry;
}

/** Claims an entry that is due, for `lease` seconds. A worker that dies or is slower loses it. */
export const claimEntry = (em: SqlEntityManager, id: string, kind: OutboxKind, lease: number) =>
  claim(em, `id = ? and kind = ? and due_at <= now() and ${isWaiting}`, lease, [id, kind]);

/** Claims the mail that is overdue the longest, by `age` seconds at least. */
export function claimOverdueMail(em: SqlEntityManager, lease: number, age: number) {
  const oldest = `select id from outbox_entries
    where kind = 'mail' and ${isOverdue} and ${isWaiting} order by due_at limit 1 for update skip locked`;
  return claim(em, `id = (${oldest})`, lease, [age]);
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
  const dates = new Set(['at', 'expiresAt']);
  return JSON.parse(sealer.open(id, payload), (key, value) =>
    dates.has(key) ? new Date(value) : value,
  );
}
