import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { RecordedEvent } from '../audit/record.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import type { Clock, NewId } from '../ports/clock.ts';

/** Sessions that one transaction ends, so that their locks are short. */
const STEP = 500;

/**
 * Ends every live session of every account in batches, and records each. Safe while servers run; a
 * session that is opened in the meantime may stay.
 *
 * @returns the number of sessions that were ended
 */
export async function endAllSessions(
  em: SqlEntityManager,
  clock: Clock,
  newId: NewId,
): Promise<number> {
  let count = 0;
  for (let ended = STEP; ended === STEP; count += ended) {
    ended = await em.transactional((tx) => endSome(tx, clock.now(), newId));
  }
  return count;
}

async function endSome(tx: SqlEntityManager, now: Date, newId: NewId): Promise<number> {
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
  for (const { id: sessionId, email } of ended) {
    const event: RecordedEvent = {
      event: 'SESSION_REVOKED',
      email,
      ipAddress: '127.0.0.1',
      userAgent: 'sessions end-all',
      metadata: { sessionId, by: 'operator' },
    };
    const payload = JSON.stringify(event);
    tx.create(OutboxEntry, { id: newId(now), kind: 'audit', payload, createdAt: now });
  }
  return ended.length;
}
