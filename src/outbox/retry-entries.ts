import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports/job-queue.ts';
import { failedOutcomes } from './outbox-entry.entity.ts';

/** Makes a failed entry, or all, due now, if its payload still exists. @returns their number */
export async function retryFailed(em: SqlEntityManager, id: string | null): Promise<number> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `update outbox_entries set done_at = null, outcome = null, due_at = now()
     where ${failedOutcomes} and payload is not null and id = coalesce(?, id)`,
    [id],
    'run',
  );
  return affectedRows;
}

/** Drops a waiting or failed entry of these kinds. @returns its kind, if there is such an entry */
export async function dropEntry(em: SqlEntityManager, id: string, kinds: readonly OutboxKind[]) {
  const [dropped] = await em.execute<{ kind: OutboxKind }[]>(
    `update outbox_entries set done_at = now(), outcome = 'DROPPED', payload = null
     where id = ? and kind = any(?::text[]) and (done_at is null or ${failedOutcomes})
     returning kind`,
    [id, `{${kinds.join(',')}}`],
  );
  return dropped?.kind;
}
