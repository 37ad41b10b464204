import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import { Account } from '../accounts/account.entity.ts';
import { Erasure } from '../accounts/erasure.entity.ts';
import { ApiKey } from '../api-keys/api-key.entity.ts';
import { AuditCounter } from '../audit/audit-counter.entity.ts';
import { AuditEvent } from '../audit/audit-event.entity.ts';
import { RedeemedChallenge } from '../challenges/redeemed-challenge.entity.ts';
import { isOutage } from '../errors/outage.ts';
import { attachDiagnosis } from '../errors/outage-diagnosis.ts';
import { endpointOf } from '../errors/store-endpoint.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import type { Tracing } from '../ports/tracing.ts';
import { Session } from '../sessions/session.entity.ts';
import { SigningKey } from '../signing-keys/signing-key.entity.ts';
import { Webhook } from '../webhooks/webhook.entity.ts';
import { WebhookDelivery } from '../webhooks/webhook-delivery.entity.ts';
import { discardBroken } from './broken-connections.ts';
import { connectionOptions } from './connection-options.ts';
import { type FailedQuery, interceptQueries, type Pool } from './pool.ts';
import { adaptToPooler, detectPooler } from './pooler.ts';
import { ScheduledJob } from './scheduled-job.entity.ts';
import { traceStatements } from './trace-statements.ts';

/** Timeouts in milliseconds. No response waits longer than 2 s for an unavailable PostgreSQL. */
const timeouts = {
  connectionTimeoutMillis: 1500,
  statement_timeout: 1200,
  query_timeout: 1500,
  idle_in_transaction_session_timeout: 10_000,
};

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
) {
  return defineConfig({
    clientUrl: databaseUrl,
    entities: [
      Account,
      ApiKey,
      AuditCounter,
      AuditEvent,
      Erasure,
      OutboxEntry,
      RedeemedChallenge,
      ScheduledJob,
      Session,
      SigningKey,
      Webhook,
      WebhookDelivery,
    ],
    forceUtcTimezone: true,
    driverOptions: {
      // The driver reads more parameters of the URL than MikroORM.
      ...connectionOptions(databaseUrl, ca),
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      onPoolCreated: (pool: Pool) => preparePool(pool, databaseUrl, tracing),
      ...bounds,
    },
  });
}

/** Adds support for poolers, broken connections, diagnoses and spans to the pool. */
function preparePool(pool: Pool, databaseUrl: string, tracing: Tracing | undefined): void {
  const endpoint = endpointOf('DATABASE', databaseUrl);
  const send = traceStatements(adaptToPooler(pool), tracing);
  detectPooler(pool);
  const connect = pool.connect.bind(pool);
  pool.connect = () =>
    connect().catch((error) => {
      attachDiagnosis(error, endpoint);
      throw error;
    });
  const diagnose = ({ error }: FailedQuery) => {
    if (isOutage(error)) attachDiagnosis(error, endpoint);
  };
  interceptQueries(pool, send, [discardBroken(pool), diagnose]);
}
