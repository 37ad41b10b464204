import type { Transaction } from '../outbox/transaction.ts';
import type { AuditEventName } from './event-types.ts';
import { isKnownClient } from './known-client.ts';

export const HOUR = 60 * 60 * 1000;
/** Failures of unknown clients that get their own row, per address and hour. */
const OWN_ROWS = 100;
/** Maximum number of clients in a counter. */
const MOST_CLIENTS = 20;

/** SQL that increments a key of a JSON object. Values: key, key. */
const increment = (object: string) =>
  `${object} || jsonb_build_object(?::text, coalesce((${object}->>?)::int, 0) + 1)`;

/**
 * SQL that counts the most frequent clients (Space-Saving, Metwally et al. 2005). If the list is
 * full, a new client replaces the least frequent one and inherits its count. Values: client (4 times).
 */
const countClient = `case
  when c.clients->>? is not null
    or (select count(*) from jsonb_object_keys(c.clients)) < ${MOST_CLIENTS}
  then ${increment('c.clients')}
  else (
    select c.clients - k || jsonb_build_object(?::text, v::int + 1)
    from jsonb_each_text(c.clients) as least (k, v) order by v::int, k limit 1
  )
end`;

/** Counts a failure if the client is unknown. @returns whether it gets no row of its own */
export async function countFailure(tx: Transaction, event: AuditEventName, email: string) {
  const { prefix } = tx.client;
  const now = tx.clock.now();
  const hour = new Date(Math.floor(now.getTime() / HOUR) * HOUR);
  const [counted] = await tx.em.execute<{ failures: number }[]>(
    `insert into audit_counters as c (email, hour, failures, events, clients)
     select ?::varchar, ?::timestamptz, 1, '{}'::jsonb, '{}'::jsonb
     from (select) asked left join accounts a on a.email = ? where not ${isKnownClient('?', '?')}
     on conflict (email, hour) do update set failures = c.failures + 1,
       events = case when c.failures < ${OWN_ROWS} then c.events
         else ${increment('c.events')} end,
       clients = case when c.failures < ${OWN_ROWS} then c.clients else ${countClient} end
     returning failures`,
    [...[email, hour, email, prefix, now], ...[event, event, prefix, prefix, prefix, prefix]],
  );
  return (counted?.failures ?? 0) > OWN_ROWS;
}
