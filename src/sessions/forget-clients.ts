import { KNOWN_FOR } from '../audit/known-client.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { daysBefore } from '../ports/clock.ts';
import type { Statement } from '../ports/sql.ts';

/** Days before a change in which its author may have had sessions, or enrolled factors. */
const SUSPECT_DAYS = 7;

/** Returns from when on sessions and factors may be those of whoever made a change. */
export const suspectSince = (changedAt: Date): Date => daysBefore(changedAt, SUSPECT_DAYS);

/**
 * Makes the clients of sessions unknown that an account opened from a time on, and also from `$3` on if
 * a client of an earlier one is known. Values: account, time, earlier time, now.
 */
const forget: Statement = {
  name: 'forget-clients',
  text: `update sessions set client = '' where account_id = $1 and (created_at >= $2 or (
      created_at >= $3 and exists (
        select from sessions s where s.account_id = $1 and s.created_at < $3 and s.client <> ''
          and least(s.ended_at, s.idle_expires_at) > $4::timestamptz - ${KNOWN_FOR}
      )
    ))`,
};

/**
 * Makes clients unknown that an account came to know later than `$2`: those without an active session,
 * and only that of the session `$4`, unless null. Values: account, client, now, session.
 */
const forgetLater: Statement = {
  name: 'forget-later-clients',
  text: `with clients as (
      select client, min(created_at) as since, bool_or(id::text = $4) as "isNamed",
        bool_or(ended_at is null and idle_expires_at > $3) as "isUsed"
      from sessions where account_id = $1 and client <> '' group by client order by client
    )
    update sessions s set client = '' from clients c join clients own on own.client = $2
    where s.account_id = $1 and s.client = c.client and c.since > own.since and not c."isUsed"
      and ($4::text is null or c."isNamed")`,
};

/**
 * Makes the clients of sessions unknown that the owner of a locked account has just ended: all, or that
 * of one. A known client could use up the codes of the other known ones. Keeps those that were known
 * before the client of the request, and all if that is unknown: whoever got in today must not make the
 * owner unknown.
 */
export async function forgetLaterClients(
  { sql, clock, client }: Transaction,
  accountId: string,
  sessionId: string | null = null,
): Promise<void> {
  await sql.query(forgetLater, [accountId, client.prefix, clock.now(), sessionId]);
}

/**
 * Makes the clients of whoever made a change of a locked account unknown: those of sessions since then,
 * and of the week before, unless that makes the owner unknown everywhere. A known client could use up
 * the codes of the other known ones.
 */
export async function forgetClients(
  { sql, clock }: Transaction,
  accountId: string,
  changedAt: Date,
): Promise<void> {
  await sql.query(forget, [accountId, changedAt, suspectSince(changedAt), clock.now()]);
}
