import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { type Transaction, writeEntries } from '../outbox/transaction.ts';
import type { SqlTransaction } from '../ports/sql.ts';
import { deleteSomeDevices } from '../trusted-devices/trusted-device-statements.ts';
import { endActiveSessions } from './session-statements.ts';

/** Maximum sessions or devices that one transaction ends, so that locks are short. */
const STEP = 500;
const client = { ip: '127.0.0.1', userAgent: 'sessions end-all' };

/**
 * Ends every active session of every account in batches, and records each. Ends the trust in all devices
 * first, so that none opens another session. @returns the number of sessions
 */
export async function endAllSessions(
  ctx: Pick<Context, 'inTransaction' | 'clock' | 'newId'>,
): Promise<number> {
  const endSome = async (sql: SqlTransaction) => {
    const now = ctx.clock.now();
    const ended = await sql.query(endActiveSessions, [now, STEP]);
    // The events are not announced; the sweep of a worker finds them.
    const lists: Pick<Transaction, 'unwritten' | 'written'> = { unwritten: [], written: [] };
    const tx = { ...ctx, ...lists, sql, client };
    for (const { id: sessionId, email } of ended) {
      record(tx, 'SESSION_REVOKED', email, { sessionId, by: 'operator' });
    }
    await writeEntries(tx);
    return ended.length;
  };
  const distrustSome = async (sql: SqlTransaction) =>
    (await sql.query(deleteSomeDevices, [STEP])).length;
  for (let gone = STEP; gone === STEP; ) gone = await ctx.inTransaction(distrustSome);
  let count = 0;
  for (let ended = STEP; ended === STEP; count += ended) ended = await ctx.inTransaction(endSome);
  return count;
}
