import type { BulkSession } from '../ports/sql.ts';

/** An event of another system, as a row of the audit log. */
export interface ImportedEvent {
  readonly id: string;
  readonly event: string;
  readonly email: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

const columns = ['id', 'event', 'email', 'ip_address', 'user_agent', 'metadata', 'created_at'];

/** Ends with the connection. */
const createStaging = `create temporary table if not exists staged_events (id uuid, event text,
  email text, ip_address text, user_agent text, metadata jsonb, created_at timestamptz)`;

const insertStaged = `with added as (
    insert into audit_events
      (id, event, email, account_id, ip_address, user_agent, metadata, created_at)
    select s.id, s.event, s.email, a.id, s.ip_address, s.user_agent, s.metadata, s.created_at
    from staged_events s left join accounts a on a.email = s.email and a.created_at <= s.created_at
    on conflict (id) do nothing returning 1
  )
  select count(*)::int as added from added`;

/**
 * Adds events to the audit log, each for the account that its address has, and leaves out those that
 * the log has. @returns the number of new ones
 */
export async function importEvents(
  { query, copy }: BulkSession,
  events: readonly ImportedEvent[],
): Promise<number> {
  await query(createStaging);
  await query('truncate staged_events');
  await copy('staged_events', columns, valuesOf(events));
  const [row] = await query<{ added: number }>(insertStaged);
  return row?.added ?? 0;
}

async function* valuesOf(events: readonly ImportedEvent[]) {
  for (const { id, event, email, ipAddress, userAgent, metadata, createdAt } of events) {
    const json = JSON.stringify(metadata);
    yield [id, event, email, ipAddress, userAgent, json, createdAt.toISOString()];
  }
}
