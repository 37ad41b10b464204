import { hashMetrics } from './hash-metrics.ts';
import { counter, gauge, histogram, type Metric } from './metric.ts';
import { webhookMetrics } from './webhook-metrics.ts';

export type { Metric };

const requests = {
  requests: counter(
    'gatehouse_requests_total',
    'server',
    'Requests. `operation` is a GraphQL field or a route, as in the log. `outcome` is `OK`, an error code, `SEVERAL` (codes) or `ABORTED` (the client disconnected).',
    { labels: ['operation', 'outcome'] },
  ),
  requestSeconds: histogram(
    'gatehouse_request_seconds',
    'server',
    'Time from the headers of a request to the end of its response.',
    { labels: ['operation'] },
  ),
  internalErrors: counter(
    'gatehouse_internal_errors_total',
    'server',
    'Requests with the code `INTERNAL_SERVER_ERROR`: bugs. The log has the cause.',
  ),
  limits: counter(
    'gatehouse_limit_rejections_total',
    'server',
    'Requests and connections that a limit rejected, by its setting.',
    { labels: ['limit'] },
  ),
  passkeys: counter(
    'gatehouse_passkey_uses_total',
    'server',
    'Uses of a passkey: `ACCEPTED`, `REFUSED`, or `UNKNOWN` (no account has it).',
    { labels: ['outcome'] },
  ),
  trustedDevices: counter(
    'gatehouse_trusted_devices_total',
    'server',
    'Browsers that were `TRUSTED`, and sign-ins that `USED` one in place of a second factor.',
    { labels: ['outcome'] },
  ),
  apiKeys: counter(
    'gatehouse_api_key_checks_total',
    'server',
    'Requests with an API key, on operations that accept one: `ACCEPTED`, `REFUSED` (unknown, expired or revoked), or `MALFORMED`.',
    { labels: ['outcome'] },
  ),
};

const sessions = {
  sessionsOpened: counter('gatehouse_sessions_opened_total', 'server', 'Sessions opened.'),
  sessionsEnded: counter(
    'gatehouse_sessions_ended_total',
    'server',
    'Sessions ended, by cause. Sessions that expire are not counted.',
    { labels: ['cause'] },
  ),
  sessionStreams: gauge(
    'gatehouse_session_subscriptions',
    'server',
    'Open `sessionEnded` subscriptions.',
  ),
};

const stores = {
  postgresUp: gauge(
    'gatehouse_postgresql_up',
    'both',
    '1 if PostgreSQL accepts writes, else 0. Checked once a second.',
    { merge: 'min' },
  ),
  postgresConnections: gauge(
    'gatehouse_postgresql_connections',
    'both',
    'Open connections to PostgreSQL: `busy` or `idle`.',
    { labels: ['state'] },
  ),
  postgresMax: gauge(
    'gatehouse_postgresql_connections_max',
    'both',
    'Maximum connections to PostgreSQL.',
  ),
  postgresWaiting: gauge(
    'gatehouse_postgresql_waiting',
    'both',
    'Statements and transactions that wait for a connection.',
  ),
  replicaUp: gauge(
    'gatehouse_postgresql_replica_up',
    'server',
    '1 if lists come from the replica of `DATABASE_READ_URL`, else 0. Absent without it.',
    { merge: 'min' },
  ),
  redisUp: gauge(
    'gatehouse_redis_up',
    'both',
    '1 if Redis accepts writes, else 0: for `requests` checked once a second, for the `queue` when it is used.',
    { labels: ['connection'], merge: 'min' },
  ),
  redisPending: gauge(
    'gatehouse_redis_pending_commands',
    'both',
    'Commands without a reply, by connection.',
    { labels: ['connection'] },
  ),
  redisMemory: gauge(
    'gatehouse_redis_memory_ratio',
    'server',
    'Share of `maxmemory` that Redis uses; 0 without a limit.',
    { merge: 'max' },
  ),
};

const outbox = {
  outboxWaiting: gauge(
    'gatehouse_outbox_waiting',
    'server',
    'Entries of the outbox that wait, up to 100,000 for each kind. Read at most once in 5 s; absent while PostgreSQL is unavailable.',
    { labels: ['kind'], merge: 'max' },
  ),
  outboxOldest: gauge(
    'gatehouse_outbox_oldest_seconds',
    'server',
    'Age of the oldest entry that waits; 0 if none does. Read like `gatehouse_outbox_waiting`.',
    { labels: ['kind'], merge: 'max' },
  ),
  outboxFailed: gauge(
    'gatehouse_outbox_failed',
    'server',
    'Entries that failed for good and are kept: `DEAD_LETTER` (cannot be read or written), `REFUSED` by the mail server, or `GIVEN_UP` (expired). Read like `gatehouse_outbox_waiting`.',
    { labels: ['kind', 'outcome'], merge: 'max' },
  ),
  keyAge: gauge(
    'gatehouse_signing_key_age_seconds',
    'server',
    'Time since the current signing key began to sign. Read like `gatehouse_outbox_waiting`.',
    { merge: 'max' },
  ),
};

const worker = {
  mails: counter(
    'gatehouse_mails_total',
    'worker',
    'Attempts to send a mail: `DELIVERED` to the mail server, `DROPPED` because no longer needed, `RETRIED` later, `REFUSED`, `SUPPRESSED` because the mail server has refused the recipient twice, `GIVEN_UP`, or `DEAD_LETTER`.',
    { labels: ['outcome'] },
  ),
  mailUp: gauge('gatehouse_mail_server_up', 'worker', '1 if the mail server accepts mail, else 0.'),
  auditEvents: counter(
    'gatehouse_audit_events_written_total',
    'worker',
    'Events written into the audit log.',
  ),
  jobFailures: counter(
    'gatehouse_scheduled_job_failures_total',
    'worker',
    'Scheduled jobs that failed. They run again.',
    // Prometheus itself sets `job`.
    { labels: ['task'] },
  ),
};

const processes = {
  build: gauge('gatehouse_build_info', 'both', 'Release that runs.', {
    labels: ['version'],
    merge: 'max',
  }),
  processes: gauge('gatehouse_processes', 'both', 'Processes that the figures are from.'),
  loopSeconds: counter(
    'gatehouse_event_loop_busy_seconds_total',
    'both',
    'Time that the event loop was busy. One process can use 1 s a second.',
  ),
  loopLag: histogram(
    'gatehouse_event_loop_lag_seconds',
    'both',
    'Delay of the event loop, sampled ten times a second.',
  ),
  cpuSeconds: counter('process_cpu_seconds_total', 'both', 'CPU time, user and system.'),
  memory: gauge('process_resident_memory_bytes', 'both', 'Resident memory.'),
  heap: gauge('nodejs_heap_size_used_bytes', 'both', 'Heap of V8 in use.'),
  startedAt: gauge('process_start_time_seconds', 'both', 'Start of the process, Unix time.', {
    merge: 'min',
  }),
};

/** All metrics, under the headings of the reference. */
export const metricGroups = {
  'Requests and limits': requests,
  'Password hashes': hashMetrics,
  Sessions: sessions,
  'PostgreSQL and Redis': stores,
  'Outbox and keys': outbox,
  Webhooks: webhookMetrics,
  Worker: worker,
  Processes: processes,
} satisfies Record<string, Record<string, Metric>>;

export const metrics = {
  ...requests,
  ...hashMetrics,
  ...sessions,
  ...stores,
  ...outbox,
  ...webhookMetrics,
  ...worker,
  ...processes,
};

type All = typeof metrics;
export type MetricName = keyof All;
type NameOf<Type> = {
  [Name in MetricName]: All[Name]['type'] extends Type ? Name : never;
}[MetricName];

/** Values of a metric: one without labels, or the values of its labels in order with each. */
export type Values = number | undefined | readonly (readonly [...labels: string[], number])[];

/** Reads a gauge, or a counter that is kept elsewhere. Undefined: unknown at present. */
export type ReadMetric = () => Values | Promise<Values>;

/**
 * Causes for which sessions end before they expire: `limit` is too many sessions, `reuse` a used
 * refresh token, `password` a new password, `undo` an undone change of
 * the address or of the factors, `factor` a first factor.
 */
export const sessionEnds = [
  'logout',
  'revoked',
  'limit',
  'reuse',
  'wrongPasswords',
  'password',
  'undo',
  'factor',
] as const;
export type SessionEnd = (typeof sessionEnds)[number];

/**
 * Counts for `/metrics`. The values of labels come from closed sets, such as fields of the schema
 * and names of settings: never from a client, and never an address or an id.
 */
export interface Metrics {
  add(name: NameOf<'counter'>, labels?: readonly string[], count?: number): void;
  /** Adds a duration in seconds to a histogram. */
  observe(name: NameOf<'histogram'>, labels: readonly string[], seconds: number): void;
  /** Sets what is read when `/metrics` is requested. */
  watch(reads: Partial<Record<NameOf<'gauge' | 'counter'>, ReadMetric>>): void;
}
