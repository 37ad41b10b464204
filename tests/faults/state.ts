import type { SqlAccess } from './administrator.ts';

interface AccountRow {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

export interface SessionRow {
  readonly id: string;
  readonly live: string;
  readonly parent: string | null;
  readonly ended: boolean;
}

export interface EventRow {
  readonly id: string;
  readonly event: string;
  readonly email: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface OutboxRow {
  readonly id: string;
  readonly kind: 'mail' | 'audit';
  readonly outcome: string | null;
  readonly attempts: number;
  /** By the clock of the server, epoch in ms. */
  readonly createdAt: number;
}

/** The second factors of an account. */
interface FactorRow {
  readonly email: string;
  readonly hasApp: boolean;
  /** Whether a sign-in needs a factor. */
  readonly isProtected: boolean;
  /** Number of recovery codes that were not used. */
  readonly codes: number;
}

/** All that PostgreSQL holds. */
export interface State {
  readonly accounts: ReadonlyMap<string, AccountRow>;
  readonly sessions: ReadonlyMap<string, SessionRow>;
  readonly factors: ReadonlyMap<string, FactorRow>;
  /** Addresses of the accounts that trust a browser, by the hash of its cookie. */
  readonly devices: ReadonlyMap<string, string>;
  readonly events: readonly EventRow[];
  readonly outbox: readonly OutboxRow[];
}

export async function readState(administrator: SqlAccess): Promise<State> {
  const accounts = await administrator.sql<AccountRow>(
    `select id, email, password_hash as "passwordHash", first_name as "firstName",
       last_name as "lastName" from accounts where email like 'person-%'`,
  );
  const sessions = await administrator.sql<SessionRow>(
    `select id, live_token_hash as live, parent_token_hash as parent,
       ended_at is not null as ended from sessions`,
  );
  const factors = await administrator.sql<FactorRow>(
    `select a.email, a.factors_since is not null as "isProtected",
       exists (select from totp_factors t where t.account_id = a.id and t.sealed_secret is not null)
         as "hasApp",
       (select count(*)::int from recovery_codes r where r.account_id = a.id and r.used_at is null)
         as codes
     from accounts a where a.email like 'person-%'`,
  );
  const devices = await administrator.sql<{ hash: string; email: string }>(
    `select d.token_hash as hash, a.email
     from trusted_devices d join accounts a on a.id = d.account_id`,
  );
  return {
    devices: new Map(devices.map(({ hash, email }) => [hash, email])),
    factors: new Map(factors.map((row) => [row.email, row])),
    accounts: new Map(accounts.map((row) => [row.email, row])),
    sessions: new Map(sessions.map((row) => [row.id, row])),
    // Those about webhooks belong to no user.
    events: await administrator.sql<EventRow>(
      "select id, event, email, metadata from audit_events where event not like 'WEBHOOK%'",
    ),
    outbox: await administrator.sql<OutboxRow>(
      `select id, kind, outcome, attempts,
         (extract(epoch from created_at) * 1000)::float8 as "createdAt"
       from outbox_entries`,
    ),
  };
}

/** Counts outbox entries, and messages to webhooks, that nobody has finished yet. */
export async function countWaiting(administrator: SqlAccess): Promise<number> {
  const [waiting] = await administrator.sql<{ count: number }>(
    `select (select count(*) from outbox_entries where done_at is null)::int
      + (select count(*) from webhook_deliveries where status = 'PENDING')::int as count`,
  );
  return waiting?.count ?? 0;
}
