import { HOUR } from '#src/audit/count-failure.ts';
import type { WorkerContext } from './context.ts';

/** Counters that one transaction converts into rows. */
const STEP = 200;
/** Milliseconds after an hour's end during which servers with slow clocks may still count. */
const PATIENCE = 60_000;

interface Counter {
  readonly email: string;
  readonly hour: string;
  readonly events: Readonly<Record<string, number>>;
  readonly clients: Readonly<Record<string, number>>;
}

/**
 * Converts the counters of finished hours into rows of the audit log: one row for each address and
 * hour that had failures without rows of their own. One transaction inserts the row and deletes the
 * counter, so each counter becomes a row exactly once.
 */
export async function writeCounters(
  { orm, clock, newId, log }: WorkerContext,
  signal: AbortSignal,
): Promise<void> {
  for (let found = STEP; found === STEP && !signal.aborted; ) {
    const end = new Date(clock.now().getTime() - HOUR - PATIENCE);
    found = await orm.em.fork().transactional(async (em) => {
      const counters = await em.execute<Counter[]>(
        `delete from audit_counters where (email, hour) in (
           select email, hour from audit_counters where hour < ?
           order by hour limit ${STEP} for update skip locked
         ) returning email, hour, events, clients`,
        [end],
      );
      const rows = counters.filter(({ events }) => Object.keys(events).length > 0);
      for (const counter of rows) {
        const at = new Date(new Date(counter.hour).getTime() + HOUR - 1);
        await em.execute(
          `insert into audit_events
             (id, event, email, ip_address, user_agent, metadata, created_at)
           values (?, ?, ?, ?, '', ?, ?)`,
          [newId(at), ...rowOf(counter), at],
        );
      }
      if (rows.length > 0) log.info({ rows: rows.length }, 'wrote counted failures');
      return counters.length;
    });
  }
}

/** Returns the most frequent event, the address, the most frequent client, and the metadata. */
function rowOf({ email, events, clients }: Counter): unknown[] {
  const byCount = (counts: Counter['events']) =>
    Object.entries(counts).sort(([, one], [, other]) => other - one);
  const count = Object.values(events).reduce((sum, each) => sum + each, 0);
  const frequent = Object.fromEntries(byCount(clients).slice(0, 5));
  const metadata = JSON.stringify({ count, events, clients: frequent });
  return [byCount(events)[0]?.[0], email, Object.keys(frequent)[0], metadata];
}
