import type { AccountRow } from '../accounts/account-statements.ts';
import type { Viewer } from '../accounts/user.ts';
import { KNOWN_FOR } from '../audit/known-client.ts';
import { type AuditRow, listAuditEvents } from '../audit/list-events.ts';
import type { Context } from '../context.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Statement } from '../ports/sql.ts';
import { exportsOfAddress } from '../rate-limits/address-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import { lockSteppedUp, requireStepUp } from '../sessions/lock-stepped-up.ts';

/** Maximum number of sessions and of audit events in an export. */
const MAX_ROWS = 10_000;

type Row = Readonly<Record<string, unknown>>;

/** Everything that is stored about an account, except secrets. Both transports name it like REST. */
export interface DataExport {
  readonly exported_at: Date;
  /** Whether there are no sessions or events besides those of the export. */
  readonly complete: boolean;
  readonly account: Row | undefined;
  readonly sessions: readonly Row[];
  readonly known_clients: readonly Row[];
  readonly api_keys: readonly Row[];
  readonly passkeys: readonly Row[];
  readonly email_changes: readonly Row[];
  readonly factors: readonly Row[];
  readonly trusted_devices: readonly Row[];
  readonly audit_events: readonly Row[];
}

/** Leaves out the password hash and `challenge_epoch`, a counter that only the server uses. */
const exportAccount: Statement<Row> = {
  name: 'export-account',
  text: `select id, email, email_verified_at, password_hash is not null as has_password, first_name,
      last_name, role, created_at, last_login_at, disabled_at, metadata, provisioned, locale,
      webauthn_user_handle, factors_since
    from accounts where id = $1`,
};

/** Leaves out the hashes of refresh tokens and their number. */
const exportSessions: Statement<Row> = {
  name: 'export-sessions',
  text: `select id, to_json(amr) as amr, created_at, last_used_at, idle_expires_at, expires_at,
      ended_at, stepped_up_at, wrong_passwords, ip_address, client, user_agent
    from sessions where account_id = $1 order by id desc limit $2`,
};

/** Networks of the sessions of the last 30 days, from which requests of the account are known. */
const exportKnownClients: Statement<Row> = {
  name: 'export-known-clients',
  text: `select client, max(least(ended_at, idle_expires_at)) + ${KNOWN_FOR} as known_until
    from sessions
    where account_id = $1
      and least(ended_at, idle_expires_at) > $2::timestamptz - ${KNOWN_FOR}
    group by client order by client limit $3`,
};

/** Leaves out the hash. */
const exportApiKeys: Statement<Row> = {
  name: 'export-api-keys',
  text: `select id, start, name, scope, created_at, expires_at, last_used_at
    from api_keys where account_id = $1 order by id`,
};

/** Leaves out the public key, which only the server uses. */
const exportPasskeys: Statement<Row> = {
  name: 'export-passkeys',
  text: `select id, credential_id, name, aaguid, to_json(transports) as transports, sign_count,
      backup_eligible, backed_up, created_at, last_used_at, copy_noticed_at
    from passkeys where account_id = $1 order by id`,
};

/** Leaves out the hashes of undo secrets. */
const exportEmailChanges: Statement<Row> = {
  name: 'export-email-changes',
  text: `select step, old_email, new_email, session_id, created_at, ended_at
    from email_changes where account_id = $1 order by id`,
};

/** Leaves out the secrets of apps, and the hashes of recovery codes and undo secrets. */
const exportFactors: Statement<Row> = {
  name: 'export-factors',
  text: `select 'TOTP' as kind, confirmed_at as created_at, null::timestamptz as used_at
    from totp_factors where account_id = $1 and sealed_secret is not null
    union all
    select 'RECOVERY_CODE', created_at, used_at from recovery_codes where account_id = $1
    union all
    select step, created_at, ended_at from factor_changes where account_id = $1
    order by created_at, kind, used_at`,
};

/** Leaves out the hash of the cookie. */
const exportDevices: Statement<Row> = {
  name: 'export-trusted-devices',
  text: `select id, session_id, created_at, last_used_at, expires_at, ip_address, user_agent
    from trusted_devices where account_id = $1 order by id`,
};

/** Returns everything that is stored about the signed-in account. Requires a step-up. */
export async function exportMyData(ctx: Context, viewer: Viewer): Promise<DataExport> {
  const { user, sessionId } = viewer;
  // First: without a step-up, nobody can use up the limit of the owner.
  await requireStepUp(ctx, sessionId, user);
  const limits = exportsOfAddress(ctx);
  const exceeded = await ctx.rateLimits.consume(user.email, limits, ctx.client.prefix);
  if (exceeded) return reject(ctx, 'RATE_LIMITED', user.email, exceeded);
  const read = transaction(ctx, async (tx) => readData(tx, await lockSteppedUp(tx, viewer)));
  return read.catch(async (error: unknown) => {
    await ctx.rateLimits.refund(user.email, limits);
    throw error;
  });
}

async function readData(tx: Transaction, row: AccountRow): Promise<DataExport> {
  const { id, email, role, createdAt, emailVerifiedAt } = row;
  const now = tx.clock.now();
  const reader = { id, email, role, createdAt, verifiedAt: emailVerifiedAt ?? now };
  const events = await listAuditEvents(tx, reader, {}, { size: MAX_ROWS, end: 'newest' });
  const [account] = await tx.sql.query(exportAccount, [id]);
  const sessions = await tx.sql.query(exportSessions, [id, MAX_ROWS + 1]);
  return {
    exported_at: now,
    complete: sessions.length <= MAX_ROWS && !events.hasMore,
    account,
    sessions: sessions.slice(0, MAX_ROWS),
    known_clients: await tx.sql.query(exportKnownClients, [id, now, MAX_ROWS]),
    api_keys: await tx.sql.query(exportApiKeys, [id]),
    passkeys: await tx.sql.query(exportPasskeys, [id]),
    email_changes: await tx.sql.query(exportEmailChanges, [id]),
    factors: await tx.sql.query(exportFactors, [id]),
    trusted_devices: await tx.sql.query(exportDevices, [id]),
    audit_events: events.rows.map(eventRow),
  };
}

const eventRow = ({ ipAddress, userAgent, createdAt, ...row }: AuditRow): Row => ({
  ...row,
  ip_address: ipAddress,
  user_agent: userAgent,
  created_at: createdAt,
});
