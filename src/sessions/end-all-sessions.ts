import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { record } from '../audit/record.ts';
import type { Clock, NewId } from '../ports/clock.ts';

/** Maximum sessions that one transaction ends, so that locks are short. */
const STEP = 500;
const client = { ip: '127.0.0.1', userAgent: 'sessions end-all' };

/** Ends every active session of every account in batches, and records each. @returns their number */
export async function endAllSessions(em: SqlEntityManager, clock: Clock, newId: NewId) {
  const endSome = async (tx: SqlEntityManager) => {
    const now = clock.now();
    const ended = await tx.execute<{ id: string; email: string }[]>(
      `with ended as (
         update sessions set ended_at = ?
         where id in (
           select id from sessions where ended_at is null and idle_expires_at > ?
           order by id limit ${STEP} for update
         )
         returning id, account_id
       )
       select ended.id, a.email from ended join accounts a on a.id = ended.account_id order by id`,
      [now, now],
    );
    // The events are not announced; the sweep of a worker finds them.
    const audit = { em: tx, clock, newId, client, pending: [] };
    for (const { id: sessionId, email } of ended) {
      record(audit, 'SESSION_REVOKED', email, { sessionId, by: 'operator' });
    }
    return ended.length;
  };
  let count = 0;
  for (let ended = STEP; ended === STEP; count += ended) ended = await em.transactional(endSome);
  return count;
}
