import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import { Account } from '../accounts/account.entity.ts';
import { Erasure } from '../accounts/erasure.entity.ts';
import { ApiKey } from '../api-keys/api-key.entity.ts';
import { AuditCounter } from '../audit/audit-counter.entity.ts';
import { AuditEvent } from '../audit/audit-event.entity.ts';
import { RedeemedChallenge } from '../challenges/redeemed-challenge.entity.ts';
import { endpointOf, hostUrls } from '../errors/store-endpoint.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import { Passkey } from '../passkeys/passkey.entity.ts';
import type { Tracing } from '../ports/tracing.ts';
import { Session } from '../sessions/session.entity.ts';
import { SigningKey } from '../signing-keys/signing-key.entity.ts';
import { TrustedDevice } from '../trusted-devices/trusted-device.entity.ts';
import { Webhook } from '../webhooks/webhook.entity.ts';
import { WebhookDelivery } from '../webhooks/webhook-delivery.entity.ts';
import { needsSearch, serversOf } from './connection-options.ts';
import { LONGEST_SEARCH } from './find-primary.ts';
import type { Pool } from './pool.ts';
import { preparePool } from './prepare-pool.ts';
import { ScheduledJob } from './scheduled-job.entity.ts';

const entities = [
  Account,
  ApiKey,
  AuditCounter,
  AuditEvent,
  Erasure,
  OutboxEntry,
  Passkey,
  RedeemedChallenge,
  ScheduledJob,
  Session,
  SigningKey,
  TrustedDevice,
  Webhook,
  WebhookDelivery,
];

/** Timeouts in milliseconds. No response waits longer than 2 s for an unavailable PostgreSQL. */
const timeouts = {
  connectionTimeoutMillis: 1500,
  statement_timeout: 1200,
  query_timeout: 1500,
  idle_in_transaction_session_timeout: 10_000,
};

/** Milliseconds that a request waits until one of several servers is known to be the primary. */
const PATIENCE = 450;

/** Connects lazily: PostgreSQL may be unavailable when this returns. */
export const openOrm = async (
  databaseUrl: string,
  name: string,
  ca?: string,
  connections = 10,
  tracing?: Tracing,
): Promise<MikroORM> =>
  // Unlike this constructor, `MikroORM.init` loads the migrator.
  new MikroORM({
    ...options(databaseUrl, name, ca, timeouts, tracing),
    pool: { min: 0, max: connections },
  });

/** Timeouts in milliseconds. A statement that fails on a replica runs again on the primary. */
const replicaTimeouts = {
  ...timeouts,
  connectionTimeoutMillis: 500,
  statement_timeout: 700,
  query_timeout: 800,
};

/** For pages of a thousand rows, which are read on the primary if a replica is frozen. */
const exportTimeouts = { connectionTimeoutMillis: 5000, query_timeout: 30_000 };

interface ReplicaOptions {
  readonly ca: string | undefined;
  readonly connections: number;
  readonly tracing: Tracing | undefined;
}

/** Connects lazily to a replica. */
export const openReplicaOrm = (
  url: string,
  { ca, connections, tracing }: ReplicaOptions,
): MikroORM =>
  new MikroORM({
    ...options(url, 'gatehouse-lists', ca, replicaTimeouts, tracing, 'DATABASE_READ'),
    pool: { min: 0, max: connections },
  });

/** Connects for exports to a replica. */
export const openExportOrm = (url: string, ca?: string): MikroORM =>
  new MikroORM(options(url, 'gatehouse-export', ca, exportTimeouts, undefined, 'DATABASE_READ'));

/** Connects for commands of an operator, such as migrations, without timeouts. */
export async function openMigrationOrm(
  databaseUrl: string,
  name = 'gatehouse-migrate',
  ca?: string,
) {
  const { Migrator } = await import('@mikro-orm/migrations');
  return MikroORM.init({
    ...options(databaseUrl, name, ca, {}),
    extensions: [Migrator],
    migrations: {
      path: `${import.meta.dirname}/migrations`,
      silent: true,
      snapshot: false,
      // One transaction for all would lock several tables, and deadlock with running servers.
      allOrNothing: false,
    },
  });
}

function options(
  databaseUrl: string,
  name: string,
  ca: string | undefined,
  bounds: object,
  tracing?: Tracing,
  setting: 'DATABASE' | 'DATABASE_READ' = 'DATABASE',
) {
  const servers = serversOf(databaseUrl, ca);
  // A command can wait for a search as long as it takes.
  const patience = 'connectionTimeoutMillis' in bounds ? PATIENCE : LONGEST_SEARCH;
  return defineConfig({
    clientUrl: hostUrls(databaseUrl)[0],
    entities,
    forceUtcTimezone: true,
    driverOptions: {
      // The driver reads more parameters of the URL than MikroORM.
      ...servers[0],
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      onPoolCreated: (pool: Pool) =>
        preparePool(pool, {
          endpoint: endpointOf(setting, databaseUrl),
          servers: needsSearch(databaseUrl) ? servers : [],
          patience,
          tracing,
        }),
      ...bounds,
    },
  });
}
