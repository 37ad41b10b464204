import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { MailOrder } from '../ports/mail-order.ts';
import type { Sealer } from '../ports/sealer.ts';

/** An entry in the hands of one worker. Times are seconds, by PostgreSQL's clock. */
export interface ClaimedEntry {
  readonly id: string;
  readonly payload: string;
  /** How often it has been taken, this time included: no other taker has the same number. */
  readonly attempts: number;
  /** Since it was put. */
  readonly age: number;
  /** How long it is still of use; null: for ever. */
  readonly left: number | null;
}

const waits = 'done_at is null and (expires_at is null or expires_at > now())';

/** Of the entry that `which` says. */
const takeFor = (which: string) => `update outbox_entries
  set due_at = now() + make_interval(secs => ?), attempts = attempts + 1
  where ${which}
  returning id, payload, attempts,
    extract(epoch from now() - created_at)::float8 as age,
    extract(epoch from expires_at - now())::float8 as "left"`;

/**
 * Takes an entry for `lease` seconds, in a transaction of its own: whoever dies with it, or is
 * slower than that, loses it to another worker.
 *
 * @returns undefined when it is done, is of no use any more, or somebody else has it
 */
export async function claimEntry(
  em: SqlEntityManager,
  id: string,
  kind: OutboxKind,
  lease: number,
): Promise<ClaimedEntry | undefined> {
  const [entry] = await em.execute<ClaimedEntry[]>(
    takeFor(`id = ? and kind = ? and due_at <= now() and ${waits}`),
    [lease, id, kind],
  );
  return entry;
}

/**
 * The same, of the entry that waits longest, although it was due `age` seconds ago. What somebody
 * else is about to take is passed over.
 */
export async function claimOverdueEntry(
  em: SqlEntityManager,
  kind: OutboxKind,
  lease: number,
  age: number,
): Promise<ClaimedEntry | undefined> {
  const [entry] = await em.execute<ClaimedEntry[]>(
    takeFor(`id = (
      select id from outbox_entries
      where kind = ? and due_at <= now() - make_interval(secs => ?) and ${waits}
      order by due_at limit 1 for update skip locked
    )`),
    [lease, kind, age],
  );
  return entry;
}

/** Entries that wait although they were due `age` seconds ago, those that wait longest first. */
export async function overdueEntries(
  em: SqlEntityManager,
  kind: OutboxKind,
  age: number,
  limit: number,
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from outbox_entries
     where kind = ? and done_at is null and due_at <= now() - make_interval(secs => ?)
     order by due_at limit ?`,
    [kind, age, limit],
  );
  return rows.map(({ id }) => id);
}

/** Opens what `enqueueMail` sealed. @throws if the text was changed or moved to another entry */
export async function openMail(sealer: Sealer, id: string, payload: string): Promise<MailOrder> {
  const dates = new Set(['at', 'expiresAt']);
  return JSON.parse(await sealer.open(id, payload), (key, value) =>
    dates.has(key) ? new Date(value) : value,
  );
}
