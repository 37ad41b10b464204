import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports/job-queue.ts';
import { failedOutcomes } from './outbox-entry.entity.ts';

/**
 * Lets what failed be tried once more, at once: the entry `id`, or all. Not where the text has been
 * erased, as that of codes is.
 *
 * @returns how many
 */
export async function retryFailed(em: SqlEntityManager, id: string | null): Promise<number> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `update outbox_entries set done_at = null, outcome = null, due_at = now()
     where ${failedOutcomes} and payload is not null and id = coalesce(?, id)`,
    [id],
    'run',
  );
  return affectedRows;
}

/**
 * Lets an entry that waits or failed never be done.
 *
 * @param kinds that may be dropped
 * @returns its kind; undefined where there is none of these kinds, or it is done
 */
export async function dropEntry(
  em: SqlEntityManager,
  id: string,
  kinds: readonly OutboxKind[],
): Promise<OutboxKind | undefined> {
  const [dropped] = await em.execute<{ kind: OutboxKind }[]>(
    `update outbox_entries set done_at = now(), outcome = 'DROPPED', payload = null
     where id = ? and kind = any(?::text[]) and (done_at is null or ${failedOutcomes})
     returning kind`,
    [id, `{${kinds.join(',')}}`],
  );
  return dropped?.kind;
}
