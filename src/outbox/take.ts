import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports.ts';
import type { outcomes } from './outbox-entry.entity.ts';

export type Outcome = (typeof outcomes)[number];

export interface TakenEntry {
  readonly id: string;
  readonly payload: string;
  /** How often it has been taken, this time included. */
  readonly attempts: number;
}

/**
 * Takes an entry for `lease` seconds, in a transaction of its own: whoever dies with it loses it to
 * another worker after that time.
 *
 * @returns undefined when it is done, or somebody else has it
 */
export async function takeEntry(
  em: SqlEntityManager,
  id: string,
  kind: OutboxKind,
  lease: number,
): Promise<TakenEntry | undefined> {
  const [row] = await em.execute<{ payload: string; attempts: number }[]>(
    `update outbox_entries
     set due_at = now() + make_interval(secs => ?), attempts = attempts + 1
     where id = ? and kind = ? and done_at is null and due_at <= now()
     returning payload, attempts`,
    [lease, id, kind],
  );
  return row && { id, ...row };
}

/** @param keep leaves the payload for the inbox of development */
export async function finishEntry(
  em: SqlEntityManager,
  id: string,
  outcome: Outcome,
  keep: boolean,
): Promise<void> {
  await em.execute(
    `update outbox_entries
     set done_at = now(), outcome = ?, payload = case when ? then payload end
     where id = ?`,
    [outcome, keep, id],
  );
}

/** Lets a taken entry be taken again after `seconds`. */
export async function postponeEntry(
  em: SqlEntityManager,
  id: string,
  seconds: number,
): Promise<void> {
  await em.execute(
    'update outbox_entries set due_at = now() + make_interval(secs => ?) where id = ?',
    [seconds, id],
  );
}

/** Entries that wait although they were due `age` seconds ago, oldest first. */
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
