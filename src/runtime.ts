import type { MikroORM } from '@mikro-orm/postgresql';
import { type AddressKeys, createAddressKeys } from './adapters/address-keys.ts';
import { createPasswords } from './adapters/argon2.ts';
import { createJobQueue } from './adapters/bee-queue.ts';
import { createOwnBudget, createSharedBudget } from './adapters/client-budgets.ts';
import { systemClock } from './adapters/clock.ts';
import { deriveKey } from './adapters/derived-keys.ts';
import { createSealer } from './adapters/jose-sealer.ts';
import { createTokens, type TokenSecrets } from './adapters/jose-tokens.ts';
import { createLog } from './adapters/log.ts';
import { openRedis, type RedisClient } from './adapters/redis.ts';
import { createBudgets } from './adapters/redis-budgets.ts';
import { createOneTimeCodes } from './adapters/redis-codes.ts';
import { createTurns } from './adapters/turns.ts';
import { createIds } from './adapters/uuid.ts';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import { openOrm } from './db/orm.ts';
import { isOutage } from './failures.ts';
import { ensureSigningKey } from './keys/ensure-signing-key.ts';
import { createKeyRing } from './keys/key-ring.ts';
import type { ClientLimit } from './limits.ts';
import type { Clock, Log, Sealer } from './ports.ts';
import type { AccessKeys } from './token-ports.ts';

/** What a test may put in the place of the real thing. */
export interface Replacements {
  readonly clock?: Clock;
  readonly log?: Log;
}

/** PostgreSQL, and what opens and seals in it. */
export interface Database extends Pick<Services, 'clock' | 'config' | 'sealer'> {
  readonly orm: MikroORM;
  /** For the keys that sign access tokens. */
  readonly keySealer: Sealer;
}

/** The stores that both the server and the worker use. */
export interface Stores extends Database, Pick<Services, 'codes' | 'log'> {
  readonly redis: RedisClient;
  readonly addressKeys: AddressKeys;
}

/** Everything that lives as long as the server process. */
export interface Runtime extends Services {
  readonly orm: MikroORM;
  readonly redis: RedisClient;
  readonly keys: AccessKeys;
  close(): Promise<void>;
}

/** Opens PostgreSQL, which may be away, for a process with this name. */
export async function openDatabase(
  config: Config,
  name: string,
  clock: Clock = systemClock,
): Promise<Database> {
  const { secretKey, secretKeyPrevious } = config;
  const sealer = createSealer('mail', secretKey, secretKeyPrevious);
  const keySealer = createSealer('signing-key', secretKey, secretKeyPrevious);
  const orm = await openOrm(config.databaseUrl, name);
  return { config, clock, sealer, keySealer, orm };
}

/** Opens PostgreSQL and Redis for a process with this name; either may be away. */
export async function openStores(
  config: Config,
  name: string,
  { clock = systemClock, log = createLog(config.logLevel, name) }: Replacements = {},
): Promise<Stores> {
  const { secretKey } = config;
  const redis = openRedis(config.redisUrl, 'request', log);
  const addressKeys = createAddressKeys(deriveKey(secretKey, 'address-index'));
  const codes = createOneTimeCodes({
    redis,
    clock,
    keys: addressKeys,
    ttl: config.otpTtl,
    guesses: { withId: config.guessesWithId, withoutId: config.guessesWithoutId },
    codeKey: deriveKey(secretKey, 'one-time-code'),
  });
  return { ...(await openDatabase(config, name, clock)), log, redis, addressKeys, codes };
}

/** Opens all that the server uses. Waits for PostgreSQL, which has the signing key. */
export async function openRuntime(config: Config, replacements?: Replacements): Promise<Runtime> {
  const stores = await openStores(config, 'gatehouse-server', replacements);
  const { orm, redis, addressKeys, clock, keySealer, log } = stores;
  const keys = createKeyRing(() => orm.em.fork(), keySealer);
  await patiently(log, async () => {
    await ensureSigningKey(orm.em.fork(), keySealer, clock);
    await keys.jwks(clock.now());
  });
  const producer = openRedis(config.queueRedisUrl, 'producer', log);
  return {
    ...stores,
    keys,
    newId: createIds(),
    passwords: await createPasswords(config.threads),
    tokens: createTokens({
      issuer: config.tokenIssuer,
      audience: config.tokenAudience,
      keys,
      secrets: tokenSecretsOf(config),
    }),
    budgets: createBudgets(redis, addressKeys),
    clientBudgets: clientBudgetsOf(config, redis),
    jobs: createJobQueue(producer, log),
    turns: createTurns(),
    async close() {
      producer.disconnect();
      redis.disconnect();
      await orm.close(true);
    },
  };
}

function tokenSecretsOf({ secretKey, secretKeyPrevious }: Config) {
  const under = (secret: string): TokenSecrets => ({
    refreshKey: deriveKey(secret, 'refresh-token'),
    rotationKey: deriveKey(secret, 'refresh-rotation'),
  });
  const previous = secretKeyPrevious ? [under(secretKeyPrevious)] : [];
  return [under(secretKey), ...previous] as const;
}

function clientBudgetsOf(config: Config, redis: RedisClient): Services['clientBudgets'] {
  const shared = (name: ClientLimit) => createSharedBudget(redis, name, config[name]);
  return {
    requests: createOwnBudget('requests', config.requests),
    codeRequests: shared('codeRequests'),
    registrations: shared('registrations'),
    logins: shared('logins'),
    verifications: shared('verifications'),
    resets: shared('resets'),
    passwordChanges: shared('passwordChanges'),
    refreshes: createOwnBudget('refreshes', config.refreshes),
  };
}

/** Tries again, once a second, for as long as a store is away. */
async function patiently<T>(log: Log, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.warn({}, 'PostgreSQL is away; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
