import type { Statement } from '../ports/sql.ts';
import { isKnownClient } from './known-client.ts';

// Every failed attempt runs these statements, so an attacker decides how often.

/** Failures of unknown clients that get their own row, per address and hour. */
export const OWN_ROWS = 100;
/** Maximum number of clients in a counter. */
const MAX_CLIENTS = 20;

/** SQL that increments a key of a JSON object. */
const increment = (object: string, key: string) =>
  `${object} || jsonb_build_object(${key}::text, coalesce((${object}->>${key})::int, 0) + 1)`;

/**
 * SQL that counts the most frequent clients (Space-Saving, Metwally et al. 2005). If the list is
 * full, a new client replaces the least frequent one and inherits its count.
 */
const countClient = (client: string) => `case
  when c.clients->>${client} is not null
    or (select count(*) from jsonb_object_keys(c.clients)) < ${MAX_CLIENTS}
  then ${increment('c.clients', client)}
  else (
    select c.clients - k || jsonb_build_object(${client}::text, v::int + 1)
    from jsonb_each_text(c.clients) as least (k, v) order by v::int, k limit 1
  )
end`;

/**
 * Counts a failure of an unknown client. Values: address, hour, client, now, event. No row for a
 * known client.
 */
export const countFailures: Statement<{ failures: number }> = {
  name: 'count-failures',
  text: `insert into audit_counters as c (email, hour, failures, events, clients)
    select $1::varchar, $2::timestamptz, 1, '{}'::jsonb, '{}'::jsonb
    from (select) asked left join accounts a on a.email = $1
    where not ${isKnownClient('$3', '$4')}
    on conflict (email, hour) do update set failures = c.failures + 1,
      events = case when c.failures < ${OWN_ROWS} then c.events
        else ${increment('c.events', '$5')} end,
      clients = case when c.failures < ${OWN_ROWS} then c.clients else ${countClient('$3')} end
    returning failures`,
};
