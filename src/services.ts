import { setTimeout as pause } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createAddressKeys } from './adapters/address-keys.ts';
import { createPasswords } from './adapters/argon2.ts';
import { createJobQueue } from './adapters/bee-queue-announcer.ts';
import { createServerRateLimit, createSharedRateLimit } from './adapters/client-rate-limits.ts';
import { deriveKey } from './adapters/derived-keys.ts';
import { createAuditKey } from './adapters/ed25519-audit-key.ts';
import { createSealer } from './adapters/jwe-sealer.ts';
import { JwtTokens } from './adapters/jwt-tokens.ts';
import { createMailReader } from './adapters/mail-report.ts';
import { MetricStore } from './adapters/metric-store.ts';
import { createPasskeyServices } from './adapters/passkey-services.ts';
import { findPeers } from './adapters/peer-processes.ts';
import { createLog, createWarnOnce, type LevelledLog } from './adapters/pino-log.ts';
import { watchProcess } from './adapters/process-metrics.ts';
import { createRecentWriters } from './adapters/recent-writers.ts';
import { openRedis, type RedisClient } from './adapters/redis.ts';
import { RedisChallenges } from './adapters/redis-challenges.ts';
import { RedisMemory } from './adapters/redis-memory.ts';
import { createRateLimits } from './adapters/redis-rate-limits.ts';
import { checkPolicy, problemAtStart } from './adapters/redis-start.ts';
import { RedisWindows } from './adapters/redis-windows.ts';
import { systemClock } from './adapters/system-clock.ts';
import { tokenSettingsOf } from './adapters/token-settings.ts';
import { createIds } from './adapters/uuid-ids.ts';
import { HealthProbe } from './concurrency/health-probe.ts';
import { repeat } from './concurrency/recent.ts';
import { createSharedState } from './concurrency/shared-state.ts';
import { type ClientLimit, clientLimits } from './config/limits.ts';
import { type Config, ConfigError } from './config/load-config.ts';
import type { Services } from './context.ts';
import { createLookUps } from './db/look-ups.ts';
import { measureStoredHashes } from './db/next-hash.ts';
import { openOrm, openReplicaOrm } from './db/orm.ts';
import { createSql } from './db/prepared-sql.ts';
import { probeDatabase } from './db/probe.ts';
import { UNCERTAINTY } from './db/replica-lag.ts';
import { ReplicaReads } from './db/replica-reads.ts';
import { endpointOf } from './errors/store-endpoint.ts';
import { recoveryCodeKind } from './factors/recovery-codes.ts';
import { createTotpKind } from './factors/totp-kind.ts';
import { passkeyKind } from './passkeys/passkey-kind.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/logger.ts';
import type { Tracing } from './ports/tracing.ts';
import { PolledSessionStreams } from './sessions/polled-session-streams.ts';
import type { KeyStore } from './signing-keys/key-store.ts';
import { openKeys } from './signing-keys/open-keys.ts';

/** Services that the process or a test brings. */
export type Replacements = Partial<Pick<Services, 'clock' | 'log' | 'tracing'>>;

/** PostgreSQL and the keys that encrypt data in it. */
export type Database = Awaited<ReturnType<typeof openDatabase>>;

/** Stores of both the server and the worker. */
export type Stores = Awaited<ReturnType<typeof openStores>>;

/** Everything that lives as long as the server process. */
export type Runtime = Awaited<ReturnType<typeof openRuntime>>;

export const openLog = (config: Config, name: string): LevelledLog =>
  createLog(config.logLevel, name);

/** Opens PostgreSQL for a process with this name. PostgreSQL may be unavailable. */
export async function openDatabase(
  config: Secrets &
    Pick<Config, 'databaseUrl' | 'databaseCa'> &
    Partial<Pick<Config, 'databaseConnections'>>,
  name: string,
  clock: Clock = systemClock,
  tracing?: Tracing,
) {
  const { databaseUrl, databaseCa, databaseConnections } = config;
  const orm = await openOrm(databaseUrl, name, databaseCa, databaseConnections, tracing);
  return databaseOn(orm, config, clock, tracing);
}

/** Returns the services that use an open PostgreSQL. */
export function databaseOn(
  orm: MikroORM,
  { secretKey, secretKeyPrevious }: Secrets,
  clock: Clock = systemClock,
  tracing?: Tracing,
) {
  const access = createSql(orm);
  const factorSealer = createSealer('factor', secretKey, secretKeyPrevious);
  return {
    clock,
    newId: createIds(),
    sealer: createSealer('mail', secretKey, secretKeyPrevious),
    keySealer: createSealer('signing-key', secretKey, secretKeyPrevious),
    webhookSealer: createSealer('webhook', secretKey, secretKeyPrevious),
    factorSealer,
    factorKinds: [passkeyKind, createTotpKind(factorSealer), recoveryCodeKind],
    auditKey: createAuditKey(secretKey, secretKeyPrevious),
    orm,
    ...access,
    tracing,
    lookUps: createLookUps(access.sql, tracing),
  };
}

type Secrets = Pick<Config, 'secretKey' | 'secretKeyPrevious'>;

/** Opens PostgreSQL and Redis, which may be unavailable. @throws ConfigError if Redis rejects it */
export async function openStores(
  config: Config,
  name: string,
  { clock = systemClock, log = openLog(config, name), tracing }: Replacements = {},
) {
  const settings = { ca: config.redisCa, tracing, gathers: name === 'gatehouse-worker' };
  const redis = openRedis(config.redisUrl, 'request', log, settings);
  await checkRedis(redis, 'REDIS_URL', config, log);
  const addressKey = deriveKey(config.secretKey, 'address-index');
  const addressKeys = createAddressKeys(addressKey, redis.isCluster);
  const windows = new RedisWindows(redis);
  const codes = new RedisChallenges({
    windows,
    clock,
    keys: addressKeys,
    ttl: config.otpTtl,
    guesses: { withId: config.guessesWithId, withoutId: config.guessesWithoutId },
    codeKey: deriveKey(config.secretKey, 'one-time-code'),
  });
  const opened = await openDatabase(config, name, clock, tracing);
  const part = endpointOf('DATABASE', config.databaseUrl);
  const database = new HealthProbe({ part, log, ask: () => probeDatabase(opened.orm.em.fork()) });
  const metrics = new MetricStore(name === 'gatehouse-worker' ? 'worker' : 'server');
  return { ...opened, config, log, metrics, redis, database, addressKeys, windows, codes };
}

/** Opens the Redis of the queue. @throws ConfigError like `openStores`; the stores are closed then */
export async function openQueueRedis(stores: Stores): Promise<RedisClient> {
  const { config, log } = stores;
  const isSeparate = config.queueRedisUrl !== config.redisUrl;
  const setting = isSeparate ? 'QUEUE_REDIS' : 'REDIS';
  const redis = openRedis(config.queueRedisUrl, 'queue', log, { setting, ca: config.redisCa });
  // The same Redis has been waited for, and its policy has been checked.
  if (!isSeparate && stores.redis.status !== 'ready') return redis;
  const checking = checkRedis(redis, isSeparate && 'QUEUE_REDIS_URL', config, log);
  await checking.catch(async (error) => {
    await closeStores(stores);
    throw error;
  });
  return redis;
}

/** @param setting names the Redis if its policy is to be checked */
async function checkRedis(redis: RedisClient, setting: string | false, config: Config, log: Log) {
  let problem = await problemAtStart(redis);
  if (setting && config.environment === 'production') {
    problem ??= await checkPolicy(redis, setting, config.redisEviction === 'allow', log);
  }
  if (!problem) return;
  redis.disconnect();
  throw new ConfigError(problem);
}

/** Opens everything that the server uses. Waits for PostgreSQL, which stores the signing key. */
export async function openRuntime(config: Config, replacements?: Replacements) {
  const stores = await openStores(config, 'gatehouse-server', replacements);
  const { orm, redis, windows, log } = stores;
  const queueRedis = await openQueueRedis(stores);
  const replica = await openReplica(stores);
  const keys = await openKeys(stores);
  const memory = new RedisMemory(redis, config.unknownMemory);
  const { measure, ...passwords } = await createPasswords(config.threads, log);
  const measureHashes = () => measureStoredHashes(stores, measure);
  await measureHashes();
  const stopWatching = [
    ...watchStores(stores),
    memory.watch(),
    repeat(60_000, measureHashes),
    watchProcess(stores.metrics),
  ];
  return {
    ...stores,
    queueRedis,
    replica,
    laggingReads: replica?.reads,
    /** Reads the state of the mail server, as last reported by a worker. */
    readMail: createMailReader(redis),
    keys,
    passwords,
    ...createTokens(config, keys),
    rateLimits: createRateLimits(windows, stores.addressKeys, memory, config),
    memory,
    clientRateLimits: createClientRateLimits(config, windows, memory),
    jobs: createJobQueue(queueRedis, log),
    ...createSharedState(),
    sessionStreams: new PolledSessionStreams(stores),
    warnOnce: createWarnOnce(log),
    async close() {
      for (const stop of stopWatching) stop();
      queueRedis.disconnect();
      await Promise.all([replica?.close(), closeStores({ orm, redis })]);
    },
  } satisfies Services & Record<string, unknown>;
}

/** Opens the replica for lists, if there is one. It may be unavailable. */
async function openReplica({ config, sql, log, redis, tracing }: Stores) {
  const { databaseReadUrl: url, databaseReadMaxLag: maxLag, databaseCa: ca } = config;
  if (!url) return undefined;
  const orm = openReplicaOrm(url, { ca, connections: config.databaseConnections, tracing });
  const writers = createRecentWriters(redis, maxLag + UNCERTAINTY);
  const reads = new ReplicaReads(sql, orm, maxLag, writers);
  const part = endpointOf('DATABASE_READ', url);
  const probe = new HealthProbe({ part, log, ask: () => reads.lag.check() });
  const stop = probe.watch();
  const close = () => {
    stop();
    return Promise.race([orm.close(true), pause(1000)]);
  };
  return { reads, probe, close };
}

/** Creates what signs, and what checks passkeys. */
const createTokens = (config: Config, keys: KeyStore) => ({
  tokens: new JwtTokens({ ...tokenSettingsOf(config), keys }),
  ...createPasskeyServices(config),
});

/** Checks the stores once a second, so that outages are logged. @returns functions that stop it */
export const watchStores = ({ database, redis }: Stores): readonly (() => void)[] => [
  database.watch(),
  redis.availability.watch(),
];

/** Closes the connections. Waits at most a second for a store that does not respond. */
export async function closeStores({ orm, redis }: Pick<Stores, 'orm' | 'redis'>): Promise<void> {
  redis.disconnect();
  await Promise.race([orm.close(true), pause(1000)]);
}

/** Limits that must work without Redis. */
const perServer: readonly ClientLimit[] = ['requests', 'refreshes', 'administration', 'undos'];

function createClientRateLimits(config: Config, windows: RedisWindows, memory: RedisMemory) {
  const peers = findPeers(config.webConcurrency);
  const create = (name: ClientLimit) =>
    perServer.includes(name)
      ? createServerRateLimit(name, config[name], peers)
      : createSharedRateLimit(name, config[name], windows, memory, peers);
  const names = Object.keys(clientLimits) as ClientLimit[];
  const rateLimits = Object.fromEntries(names.map((name) => [name, create(name)]));
  return rateLimits as Services['clientRateLimits'];
}
