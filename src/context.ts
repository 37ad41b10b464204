import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { KeyedMutex } from './concurrency/keyed-mutex.ts';
import type { RecentKeys, SharedWork } from './concurrency/recent.ts';
import type { ClientLimit } from './config/limits.ts';
import type { Config } from './config/load-config.ts';
import type { OneTimeCodes } from './ports/challenge-store.ts';
import type { Clock, NewId } from './ports/clock.ts';
import type { FactorKind } from './ports/factor-kind.ts';
import type { JobQueue } from './ports/job-queue.ts';
import type { LaggingReads } from './ports/lagging-reads.ts';
import type { Log, WarnOnce } from './ports/logger.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Passwords } from './ports/password-hasher.ts';
import type { ClientRateLimit, RateLimits, ServerRateLimit } from './ports/rate-limits.ts';
import type { Sealer } from './ports/sealer.ts';
import type { SessionStreams } from './ports/session-streams.ts';
import type { InTransaction, LookUps, Sql } from './ports/sql.ts';
import type { Tokens } from './ports/tokens.ts';
import type { Tracing } from './ports/tracing.ts';
import type { PasskeyChallenges, WebAuthn } from './ports/web-authn.ts';

/** The client of a request. */
export interface Client {
  readonly ip: string;
  /** Network that limits are counted by: /32 for IPv4, /64 for IPv6. */
  readonly prefix: string;
  /** The client's networks, widest first: /24 and /32 for IPv4; /48, /56 and /64 for IPv6. */
  readonly networks: readonly string[];
  readonly userAgent: string;
  /** Header `Accept-Language` as sent; undefined if there is none. */
  readonly acceptLanguage?: string | undefined;
}

/** Services of a process. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly codes: OneTimeCodes;
  readonly passkeyChallenges: PasskeyChallenges;
  readonly webAuthn: WebAuthn;
  readonly rateLimits: RateLimits;
  /** Rate limits that fields declare. */
  readonly clientRateLimits: Readonly<Record<ClientLimit, ClientRateLimit>> & {
    readonly requests: ServerRateLimit;
  };
  readonly sealer: Sealer;
  /** Encrypts the secrets of webhooks. */
  readonly webhookSealer: Sealer;
  /** Encrypts the secrets of authenticator apps. */
  readonly factorSealer: Sealer;
  /** Every kind of second factors. A kind that is not listed here protects no account. */
  readonly factorKinds: readonly FactorKind[];
  readonly sql: Sql;
  readonly lookUps: LookUps;
  readonly inTransaction: InTransaction;
  /** For lists that may lag; undefined without a replica. */
  readonly laggingReads: LaggingReads | undefined;
  readonly jobs: JobQueue;
  readonly keyedMutex: KeyedMutex;
  /** For queries that read many rows: aliases and simultaneous requests cost one. */
  readonly sharedWork: SharedWork;
  /** Statements, with their values, whose count recently reached its cap. */
  readonly cappedCounts: RecentKeys;
  readonly sessionStreams: SessionStreams;
  readonly warnOnce: WarnOnce;
  /** Undefined while tracing is off. */
  readonly tracing: Tracing | undefined;
}

declare const made: unique symbol;

/** Services and client of one request. Only {@link createContexts} makes them. */
export interface Context extends Services {
  readonly [made]: true;
  /** MikroORM of `sql`: in a transaction, that of the transaction. */
  readonly em: SqlEntityManager;
  readonly client: Client;
  /** Id of the HTTP request, if there is one. */
  readonly requestId?: string;
}

/**
 * Makes contexts, which inherit the services and `em`. For an object with an accessor of its own V8
 * makes a hidden class, which would keep the whole request in memory until a major collection.
 */
export function createContexts(services: Services) {
  const prototype = Object.create(services, {
    em: {
      get(this: Context) {
        return this.sql.em;
      },
    },
  });
  return <Own extends { readonly client: Client }>(own: Own): Context & Own =>
    Object.assign(Object.create(prototype), own);
}

/** Returns a context with some other parts. It does not inherit from `ctx`, for the same reason. */
export const replaceParts = <Own extends Partial<Context>>(ctx: Context, own: Own): Context & Own =>
  Object.assign(Object.create(Object.getPrototypeOf(ctx)), ctx, own);
