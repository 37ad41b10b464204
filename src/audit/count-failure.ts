import type { Transaction } from '../outbox/transaction.ts';
import type { AuditEventName } from './events.ts';
import { isKnownClient, knownClientValues } from './known-client.ts';

export const HOUR = 60 * 60 * 1000;
/** Failures of unknown clients about one address that get rows of their own in an hour. */
const OWN_ROWS = 100;
/** Clients that an hour's counter holds at most. */
const MOST_CLIENTS = 20;

/** SQL: one more under the key of a JSON object. Values: key, key. */
const increment = (object: string) =>
  `${object} || jsonb_build_object(?::text, coalesce((${object}->>?)::int, 0) + 1)`;

/**
 * SQL for the most frequent clients (Space-Saving, Metwally et al. 2005): when all places are taken,
 * a new client takes the place and the count of the least frequent one. Values: client (4 times).
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

/**
 * Counts a failure about an address if the client is unknown to it.
 *
 * @returns whether the failure gets no row of its own: the hour's counter becomes a row later
 */
export async function countFailure(
  tx: Transaction,
  event: AuditEventName,
  email: string,
): Promise<boolean> {
  const { prefix } = tx.client;
  const now = tx.clock.now();
  const hour = new Date(Math.floor(now.getTime() / HOUR) * HOUR);
  const [counted] = await tx.em.execute<{ failures: number }[]>(
    `insert into audit_counters as c (email, hour, failures, events, clients)
     select ?::varchar, ?::timestamptz, 1, '{}'::jsonb, '{}'::jsonb
     from (select) asked left join accounts a on a.email = ? where not ${isKnownClient}
     on conflict (email, hour) do update set failures = c.failures + 1,
       events = case when c.failures < ${OWN_ROWS} then c.events
         else ${increment('c.events')} end,
       clients = case when c.failures < ${OWN_ROWS} then c.clients else ${countClient} end
     returning failures`,
    [
      ...[email, hour, email, ...knownClientValues(prefix, now)],
      ...[event, event, prefix, prefix, prefix, prefix],
    ],
  );
  return (counted?.failures ?? 0) > OWN_ROWS;
}
