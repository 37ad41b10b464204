import type { MikroORM, SqlEntityManager } from '@mikro-orm/postgresql';
import { createPasswords } from './adapters/argon2.ts';
import { createJobQueue } from './adapters/bee-queue.ts';
import { systemClock } from './adapters/clock.ts';
import { deriveKey } from './adapters/derived-keys.ts';
import { createSealer } from './adapters/jose-sealer.ts';
import { createTokens, generateSigningKey } from './adapters/jose-tokens.ts';
import { createLog } from './adapters/log.ts';
import { openRedis, type RedisClient } from './adapters/redis.ts';
import { createOneTimeCodes } from './adapters/redis-codes.ts';
import { createIds } from './adapters/uuid.ts';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import { openOrm } from './db/orm.ts';
import { ensureSigningKey } from './keys/ensure-signing-key.ts';
import { isOutage } from './outages.ts';
import type { Clock, Log, Sealer } from './ports.ts';

/** What a test may put in the place of the real thing. */
export interface Replacements {
  readonly clock?: Clock;
  readonly log?: Log;
}

/** The stores that both the server and the worker use. */
export interface Stores extends Pick<Services, 'clock' | 'codes' | 'config' | 'log' | 'sealer'> {
  readonly orm: MikroORM;
  readonly redis: RedisClient;
}

/** Everything that lives as long as the server process. */
export interface Runtime extends Services {
  readonly orm: MikroORM;
  readonly redis: RedisClient;
  close(): Promise<void>;
}

/** Opens PostgreSQL and Redis for a process with this name; either may be away. */
export async function openStores(
  config: Config,
  name: string,
  { clock = systemClock, log = createLog(config.logLevel, name) }: Replacements = {},
): Promise<Stores> {
  const { secretKey, secretKeyPrevious } = config;
  const redis = openRedis(config.redisUrl, 'request', log);
  const codes = createOneTimeCodes({
    redis,
    clock,
    ttl: config.otpTtl,
    codeKey: deriveKey(secretKey, 'one-time-code'),
    addressKey: deriveKey(secretKey, 'address-index'),
  });
  const sealer = createSealer('mail', secretKey, secretKeyPrevious);
  return { config, clock, log, redis, codes, sealer, orm: await openOrm(config.databaseUrl, name) };
}

/** Opens all that the server uses. Waits for PostgreSQL, which has the signing key. */
export async function openRuntime(config: Config, replacements?: Replacements): Promise<Runtime> {
  const stores = await openStores(config, 'gatehouse-server', replacements);
  const { orm, redis, clock, log } = stores;
  const { secretKey, secretKeyPrevious } = config;
  const keySealer = createSealer('signing-key', secretKey, secretKeyPrevious);
  const signingKey = await patiently(log, () => signingKeyOf(orm.em.fork(), keySealer, clock));
  const producer = openRedis(config.queueRedisUrl, 'producer', log);
  return {
    ...stores,
    newId: createIds(),
    passwords: await createPasswords(),
    tokens: await createTokens({
      issuer: config.tokenIssuer,
      audience: config.tokenAudience,
      signingKey,
      refreshKey: deriveKey(secretKey, 'refresh-token'),
    }),
    jobs: createJobQueue(producer, log),
    async close() {
      producer.disconnect();
      redis.disconnect();
      await orm.close(true);
    },
  };
}

const signingKeyOf = (em: SqlEntityManager, sealer: Sealer, clock: Clock) =>
  ensureSigningKey(em, sealer, clock.now(), generateSigningKey);

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
