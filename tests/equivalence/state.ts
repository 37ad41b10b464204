import { openMail } from '#src/outbox/claim.ts';
import type { Sealer } from '#src/ports/sealer.ts';
import type { Placeholders } from './placeholders.ts';
import type { Replica } from './replica.ts';

/** Everything that a Gatehouse has kept. */
export interface State {
  readonly audit: readonly {
    readonly event: string;
    readonly email: string;
    readonly metadata: { readonly limit?: string };
  }[];
  readonly redis: readonly RedisRow[];
  readonly [table: string]: readonly unknown[];
}

export interface RedisRow {
  readonly name: string;
  /** Until it goes by itself. */
  readonly seconds: number;
  readonly value: string | Readonly<Record<string, string>> | null;
}

/** In an order that does not hang on what is random. */
export async function stateOf(replica: Replica, placeholders: Placeholders): Promise<State> {
  const accounts = await replica.sql('select * from accounts order by email');
  const sessions = await replica.sql('select * from sessions order by id');
  const apiKeys = await replica.sql('select * from api_keys order by id');
  const erasures = await replica.sql('select * from erasures order by account_id, email');
  const changes = await replica.sql(
    `select account_id, step, old_email, new_email, undo_hash, session_id, generation, created_at,
       ended_at from email_changes order by id`,
  );
  const factors = await replica.sql(
    `select account_id, confirmed_at, last_step, new_secret_session, new_secret_until
     from totp_factors order by account_id`,
  );
  const passkeys = await replica.sql(
    `select id, account_id, credential_id, sign_count, backup_eligible, backed_up, transports, aaguid,
       name, created_at, last_used_at, copy_noticed_at from passkeys order by id`,
  );
  const recoveryCodes = await replica.sql(
    'select account_id, created_at, used_at from recovery_codes order by account_id, used_at',
  );
  const factorChanges = await replica.sql(
    `select account_id, step, requested_by, created_at, due_at, ended_at
     from factor_changes order by id`,
  );
  const trustedDevices = await replica.sql(
    `select id, account_id, session_id, created_at, last_used_at, expires_at, ip_address, user_agent
     from trusted_devices order by id`,
  );
  const webhooks = await replica.sql(
    `select id, url, description, events, created_at, disabled_at, deleted_at
     from webhooks order by created_at, id`,
  );
  const deliveries = await replica.sql(
    `select webhook_id, event_id, type, status, attempts from webhook_deliveries
     order by event_id, webhook_id, type`,
  );
  const audit = await replica.sql<
    State['audit'][number]
  >(`select id, event, email, account_id, ip_address, user_agent, metadata, created_at
     from audit_events order by id`);
  const counters = await replica.sql('select * from audit_counters order by email, hour');
  // Work and keys are no client's to move.
  const work = await replica.sql('select * from scheduled_work order by name');
  const keys = await replica.sql(
    `select kid, created_at, signs_from, verifies_until, dropped_at from signing_keys
     order by created_at`,
  );
  // The names of challenges of passkeys are seen nowhere else.
  const redeemed = await replica.sql<{ id: string }>(
    `select regexp_replace(id, '^passkey:.*', 'passkey') as id, redeemed_at
     from redeemed_challenges`,
  );
  const outbox = await outboxOf(replica);
  const state = placeholders.replaceIn({
    accounts,
    sessions,
    apiKeys,
    erasures,
    changes,
    factors,
    passkeys,
    recoveryCodes,
    factorChanges,
    trustedDevices,
    webhooks,
    deliveries,
    audit,
    counters,
    work,
    keys,
    outbox,
  });
  const byText = (a: string, b: string) => (a < b ? -1 : 1);
  return {
    ...state,
    redeemed: redeemed.map((row) => JSON.stringify(placeholders.replaceIn(row))).sort(byText),
    redis: await redisOf(replica, placeholders),
  };
}

interface Entry {
  readonly id: string;
  readonly payload: string | null;
}

/** PostgreSQL's own clock says when an entry is due and done: that is left out. */
async function outboxOf(replica: Replica): Promise<object[]> {
  const entries = await replica.sql<Entry>(
    `select id, kind, payload, created_at, attempts, outcome, done_at is not null as done
     from outbox_entries order by id`,
  );
  return entries.map(({ payload, ...entry }) => {
    const order = payload && openMail(replica.worker.sealer, entry.id, payload);
    return { ...entry, order: order && 'code' in order ? { ...order, code: '‹code›' } : order };
  });
}

/** All keys with what they hold. */
async function redisOf(
  { worker: { redis, sealer } }: Replica,
  placeholders: Placeholders,
): Promise<RedisRow[]> {
  const keys = (await redis.keys('*')).map((key) => ({ key, name: placeholders.replaceIn(key) }));
  keys.sort((a, b) => (a.name < b.name ? -1 : 1));
  const read = keys.map(async ({ key, name }) => {
    const [type, milliseconds] = await Promise.all([redis.type(key), redis.pttl(key)]);
    if (type === 'set')
      return { name, seconds: Math.ceil(milliseconds / 1000), value: await setOf(redis, key) };
    const value = type === 'hash' ? await hashOf(redis, key) : await redis.get(key);
    if (value && typeof value === 'object' && value.meta) {
      value.meta = withOpenRegistration(value.meta, sealer);
    }
    return { name, seconds: Math.ceil(milliseconds / 1000), value };
  });
  return placeholders.replaceIn(await Promise.all(read));
}

/** Returns the content of a challenge, with its registration in clear. */
function withOpenRegistration(meta: string, sealer: Sealer): string {
  const { registration, ...rest } = JSON.parse(meta);
  const opened = registration && sealer.open('registration', registration);
  return JSON.stringify({ ...rest, registration: opened });
}

async function setOf(redis: Replica['worker']['redis'], key: string): Promise<string> {
  return (await redis.smembers(key)).sort((a, b) => Number(a) - Number(b)).join();
}

/**
 * Reads a hash. The end of a window, by Redis's clock, becomes the seconds until then. Leaves out
 * windows that have ended, which stay in their hash for a while.
 */
async function hashOf(
  redis: Replica['worker']['redis'],
  key: string,
): Promise<Record<string, string>> {
  const [all, [now, microseconds]] = await Promise.all([redis.hgetall(key), redis.time()]);
  const live = Object.entries(all).flatMap(([field, value]) => {
    const [, taken, end, kind] = /^(\d+) (\d+) ([a-z]+)$/.exec(value) ?? [];
    if (taken === undefined) return [[field, value]];
    const seconds = Math.ceil((Number(end) - Number(microseconds) / 1000) / 1000 - Number(now));
    return seconds > 0 ? [[field, `${taken} for ${seconds} s ${kind}`]] : [];
  });
  return Object.fromEntries(live);
}
