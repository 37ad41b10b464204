import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import { Account } from '../accounts/account.entity.ts';
import { AuditCounter } from '../audit/audit-counter.entity.ts';
import { AuditEvent } from '../audit/audit-event.entity.ts';
import { RedeemedChallenge } from '../challenges/redeemed-challenge.entity.ts';
import { endpointOf } from '../errors/store-endpoint.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import { ScheduledJob } from '../schedule/scheduled-job.entity.ts';
import { Session } from '../sessions/session.entity.ts';
import { SigningKey } from '../signing-keys/signing-key.entity.ts';
import { discardBroken } from './broken-connections.ts';
import { connectionOptions } from './connection-options.ts';
import { explainFailures } from './explained-failures.ts';
import type { Pool } from './pool.ts';
import { adaptToPooler } from './pooler.ts';

/**
 * Milliseconds: for a connection, which may be lent to others or not come about; for a statement,
 * which PostgreSQL ends itself unless it is lost; for a transaction that nobody goes on with. None
 * of them lets an answer wait for a lost PostgreSQL longer than 2 s.
 */
const patience = {
  connectionTimeoutMillis: 1500,
  statement_timeout: 1200,
  query_timeout: 1500,
  idle_in_transaction_session_timeout: 10_000,
};

/**
 * Connects lazily: PostgreSQL may be unavailable when this resolves.
 *
 * @param ca PEM of a private certificate authority
 */
export function openOrm(databaseUrl: string, name: string, ca?: string): Promise<MikroORM> {
  return MikroORM.init(options(databaseUrl, name, ca, patience));
}

/** For commands of an operator, such as migrations (one connection holds their lock): no hurry. */
export function openMigrationOrm(
  databaseUrl: string,
  name = 'gatehouse-migrate',
  ca?: string,
): Promise<MikroORM> {
  return MikroORM.init(options(databaseUrl, name, ca, {}));
}

function options(databaseUrl: string, name: string, ca: string | undefined, bounds: object) {
  return defineConfig({
    clientUrl: databaseUrl,
    entities: [
      Account,
      AuditCounter,
      AuditEvent,
      OutboxEntry,
      RedeemedChallenge,
      ScheduledJob,
      Session,
      SigningKey,
    ],
    extensions: [Migrator],
    forceUtcTimezone: true,
    migrations: {
      path: `${import.meta.dirname}/migrations`,
      emit: 'ts',
      silent: true,
      snapshot: false,
    },
    pool: { min: 0, max: 10 },
    driverOptions: {
      // Read by the driver as well, which knows more parameters.
      ...connectionOptions(databaseUrl, ca),
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      onPoolCreated(pool: Pool) {
        adaptToPooler(pool);
        discardBroken(pool);
        explainFailures(pool, endpointOf('DATABASE', databaseUrl));
      },
      ...bounds,
    },
  });
}
