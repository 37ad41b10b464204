import { setTimeout as pause } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { type AddressKeys, createAddressKeys } from './adapters/address-keys.ts';
import { createPasswords } from './adapters/argon2.ts';
import { createJobQueue } from './adapters/bee-queue.ts';
import { createOwnRateLimit, createSharedRateLimit } from './adapters/client-rate-limits.ts';
import { deriveKey } from './adapters/derived-keys.ts';
import { createSealer } from './adapters/jose-sealer.ts';
import { createTokens, type TokenSecrets } from './adapters/jose-tokens.ts';
import { createMailReader, type MailReport } from './adapters/mail-report.ts';
import { createLog, createWarnOnce } from './adapters/pino-log.ts';
import { openRedis, type RedisClient } from './adapters/redis.ts';
import { createOneTimeCodes } from './adapters/redis-challenges.ts';
import { RedisMemory } from './adapters/redis-memory.ts';
import { checkPolicy } from './adapters/redis-policy.ts';
import { createRateLimits } from './adapters/redis-rate-limits.ts';
import { refusalAtStart } from './adapters/redis-start.ts';
import { RedisWindows } from './adapters/redis-windows.ts';
import { systemClock } from './adapters/system-clock.ts';
import { createIds } from './adapters/uuid-ids.ts';
import { Availability } from './concurrency/health-probe.ts';
import { createKeyedMutex } from './concurrency/keyed-mutex.ts';
import type { ClientLimit } from './config/limits.ts';
import { type Config, ConfigError } from './config/load-config.ts';
import type { Services } from './context.ts';
import { openOrm } from './db/orm.ts';
import { probeDatabase } from './db/probe.ts';
import { isOutage } from './errors/outage.ts';
import { diagnosisOf } from './errors/outage-diagnosis.ts';
import { endpointOf } from './errors/store-endpoint.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/logger.ts';
import type { Sealer } from './ports/sealer.ts';
import type { AccessKeys } from './ports/tokens.ts';
import { prepareSigningKey } from './signing-keys/ensure-signing-key.ts';
import { createKeyStore } from './signing-keys/key-store.ts';

/** What a test may put in the place of the real thing. */
export interface Replacements {
  readonly clock?: Clock;
  readonly log?: Log;
}

/** PostgreSQL, and what opens and seals in it. */
export interface Database extends Pick<Services, 'clock' | 'newId' | 'sealer'> {
  readonly orm: MikroORM;
  /** For the keys that sign access tokens. */
  readonly keySealer: Sealer;
}

/** The stores that both the server and the worker use. */
export interface Stores extends Database, Pick<Services, 'codes' | 'config' | 'log'> {
  readonly redis: RedisClient;
  /** Whether PostgreSQL answers. */
  readonly database: Availability;
  readonly addressKeys: AddressKeys;
  readonly windows: RedisWindows;
}

/** Everything that lives as long as the server process. */
export interface Runtime extends Services {
  readonly orm: MikroORM;
  readonly redis: RedisClient;
  readonly queueRedis: RedisClient;
  readonly database: Availability;
  /** Reads the state of the mail server, as last reported by a worker. */
  readonly readMail: () => Promise<MailReport>;
  readonly keys: AccessKeys;
  /** Memory of Redis: whether it is full, or reserved for known clients. */
  readonly memory: RedisMemory;
  close(): Promise<void>;
}

/** The log of a process with this name. */
export const openLog = (config: Config, name: string): Log => createLog(config.logLevel, name);

/** Opens PostgreSQL, which may be away, for a process with this name. */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'databaseCa' | 'secretKey' | 'secretKeyPrevious'>,
  name: string,
  clock: Clock = systemClock,
): Promise<Database> {
  const { secretKey, secretKeyPrevious } = config;
  const sealer = createSealer('mail', secretKey, secretKeyPrevious);
  const keySealer = createSealer('signing-key', secretKey, secretKeyPrevious);
  const orm = await openOrm(config.databaseUrl, name, config.databaseCa);
  return { clock, newId: createIds(), sealer, keySealer, orm };
}

/**
 * Opens PostgreSQL and Redis for a process with this name; either may be away.
 *
 * @throws ConfigError in production, where the Redis drops keys
 */
export async function openStores(
  config: Config,
  name: string,
  { clock = systemClock, log = openLog(config, name) }: Replacements = {},
): Promise<Stores> {
  const { secretKey } = config;
  const redis = openRedis(config.redisUrl, 'request', log, { ca: config.redisCa });
  await checkRedis(redis, 'REDIS_URL', config, log);
  const addressKeys = createAddressKeys(deriveKey(secretKey, 'address-index'));
  const windows = new RedisWindows(redis);
  const codes = createOneTimeCodes({
    windows,
    clock,
    keys: addressKeys,
    ttl: config.otpTtl,
    guesses: { withId: config.guessesWithId, withoutId: config.guessesWithoutId },
    codeKey: deriveKey(secretKey, 'one-time-code'),
  });
  const opened = await openDatabase(config, name, clock);
  const endpoint = endpointOf('DATABASE', config.databaseUrl);
  const database = new Availability(endpoint, log, () => probeDatabase(opened.orm.em.fork()));
  return { ...opened, config, log, redis, database, addressKeys, windows, codes };
}

/**
 * Opens the Redis of the queue, which may be away.
 *
 * @throws ConfigError in production, where it drops keys; the stores are closed then
 */
export async function openQueueRedis(stores: Stores): Promise<RedisClient> {
  const { config, log } = stores;
  const isOwn = config.queueRedisUrl !== config.redisUrl;
  const setting = isOwn ? 'QUEUE_REDIS' : 'REDIS';
  const redis = openRedis(config.queueRedisUrl, 'queue', log, { setting, ca: config.redisCa });
  if (!isOwn) return redis;
  try {
    await checkRedis(redis, 'QUEUE_REDIS_URL', config, log);
    return redis;
  } catch (error) {
    await closeStores(stores);
    throw error;
  }
}

/** @throws ConfigError if this Redis refuses the connection, or drops keys in production */
async function checkRedis(redis: RedisClient, variable: string, config: Config, log: Log) {
  const refusal = await refusalAtStart(redis);
  const mayEvict = config.redisEviction === 'allow';
  const isExempt = config.environment === 'development';
  const complaint = refusal ?? (isExempt || (await checkPolicy(redis, variable, mayEvict, log)));
  if (typeof complaint !== 'string') return;
  redis.disconnect();
  throw new ConfigError(complaint);
}

/** Opens all that the server uses. Waits for PostgreSQL, which has the signing key. */
export async function openRuntime(config: Config, replacements?: Replacements): Promise<Runtime> {
  const stores = await openStores(config, 'gatehouse-server', replacements);
  const { orm, database, addressKeys, windows, clock, keySealer, log } = stores;
  const queueRedis = await openQueueRedis(stores);
  const keys = createKeyStore(() => orm.em.fork(), keySealer);
  await retryUntilAvailable(database, async () => {
    await prepareSigningKey(orm.em.fork(), keySealer, clock, config.tokenAlgorithm, log);
    await keys.jwks(clock.now());
  });
  const memory = new RedisMemory(windows.redis, config.unknownMemory);
  const stopWatching = [watchStores(stores), memory.watch()];
  return {
    ...stores,
    queueRedis,
    readMail: createMailReader(stores.redis),
    keys,
    passwords: await createPasswords(config.threads),
    tokens: createTokens({
      issuer: config.tokenIssuer,
      audience: config.tokenAudience,
      clientId: config.tokenClientId,
      optionalClaims: config.tokenClaims,
      keys,
      secrets: tokenSecretsOf(config),
    }),
    rateLimits: createRateLimits(windows, addressKeys, memory, config),
    memory,
    clientRateLimits: clientRateLimitsOf(config, windows, memory),
    jobs: createJobQueue(queueRedis, log),
    keyedMutex: createKeyedMutex(),
    warnOnce: createWarnOnce(log),
    async close() {
      for (const stop of stopWatching) stop();
      queueRedis.disconnect();
      await closeStores(stores);
    },
  };
}

/**
 * Checks the stores once a second, so that outages are logged. @returns a function that stops it
 */
export function watchStores({ database, redis }: Stores): () => void {
  const ends = [database.watch(), redis.availability.watch()];
  return () => {
    for (const end of ends) end();
  };
}

/** Closes the connections; those of a store that is silent are left as they are after a second. */
export async function closeStores({ orm, redis }: Stores): Promise<void> {
  redis.disconnect();
  await Promise.race([orm.close(true), pause(1000)]);
}

function tokenSecretsOf({ secretKey, secretKeyPrevious }: Config) {
  const under = (secret: string): TokenSecrets => ({
    refreshKey: deriveKey(secret, 'refresh-token'),
    rotationKey: deriveKey(secret, 'refresh-rotation'),
  });
  const previous = secretKeyPrevious ? [under(secretKeyPrevious)] : [];
  return [under(secretKey), ...previous] as const;
}

function clientRateLimitsOf(
  config: Config,
  windows: RedisWindows,
  memory: RedisMemory,
): Services['clientRateLimits'] {
  const shared = (name: ClientLimit) => createSharedRateLimit(windows, memory, name, config[name]);
  return {
    requests: createOwnRateLimit('requests', config.requests),
    codeRequests: shared('codeRequests'),
    registrations: shared('registrations'),
    logins: shared('logins'),
    verifications: shared('verifications'),
    resets: shared('resets'),
    passwordChanges: shared('passwordChanges'),
    refreshes: createOwnRateLimit('refreshes', config.refreshes),
  };
}

/** Tries again, once a second, for as long as PostgreSQL is away. */
async function retryUntilAvailable(
  database: Availability,
  work: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      await work();
      return database.markUp();
    } catch (error) {
      if (!isOutage(error) || diagnosisOf(error)?.isMisconfigured) throw error;
      database.markDown(error);
      await pause(1000);
    }
  }
}
