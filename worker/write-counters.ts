import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { HOUR } from '#src/audit/count-failure.ts';
import { earlierNow } from '#src/ports/retention-end.ts';
import { fanOut } from '#src/webhooks/webhook-types.ts';
import type { WorkerContext } from './context.ts';
import { inSteps } from './loops.ts';

/** Milliseconds after an hour's end during which servers with slow clocks may still count. */
const CLOCK_TOLERANCE = 60_000;

type Counts = Readonly<Record<string, number>>;

interface Counter {
  readonly email: string;
  readonly hour: string;
  readonly events: Counts;
  readonly clients: Counts;
}

/**
 * Converts the counters of finished hours into audit rows: one for each address and hour that had
 * failures without rows of their own. One transaction inserts the row and deletes the counter.
 */
export async function writeCounters(worker: WorkerContext, signal: AbortSignal): Promise<void> {
  const { orm, newId, log } = worker;
  const end = new Date((await earlierNow(worker)).getTime() - HOUR - CLOCK_TOLERANCE);
  const step = async (em: SqlEntityManager, size: number) => {
    const counters = await em.execute<Counter[]>(
      `delete from audit_counters where (email, hour) in (
         select email, hour from audit_counters where hour < ?
         order by hour limit ? for update skip locked
       ) returning email, hour, events, clients`,
      [end, size],
    );
    const rows = counters.filter(({ events }) => Object.keys(events).length > 0);
    for (const counter of rows) {
      const at = new Date(new Date(counter.hour).getTime() + HOUR - 1);
      await em.execute(
        `with written as (
           insert into audit_events
             (id, account_id, event, email, ip_address, user_agent, metadata, created_at)
           values (?, (select id from accounts where email = ? and created_at <= ?),
             ?, ?, ?, '', ?, ?)
           returning id, event, metadata, account_id
         ) ${fanOut('written')}`,
        [newId(at), counter.email, at, ...rowOf(counter), at],
      );
    }
    if (rows.length > 0)
      log.info({ rows: rows.length }, 'Wrote audit events for counted failures.');
    return counters.length;
  };
  await inSteps(200, (size) => orm.em.fork().transactional((em) => step(em, size)), signal);
}

/**
 * Returns the most frequent event, the address, the most frequent client, which an erased account does
 * not have, and the metadata.
 */
function rowOf({ email, events, clients }: Counter): unknown[] {
  const byCount = (counts: Counts) =>
    Object.entries(counts).sort(([, one], [, other]) => other - one);
  const count = Object.values(events).reduce((sum, each) => sum + each, 0);
  const frequent = Object.fromEntries(byCount(clients).slice(0, 5));
  const metadata = JSON.stringify({ count, events, clients: frequent });
  return [byCount(events)[0]?.[0], email, Object.keys(frequent)[0] ?? '', metadata];
}
