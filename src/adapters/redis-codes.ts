import { createHmac, randomInt, randomUUID } from 'node:crypto';
import type { Result } from 'ioredis';
import type { Challenge, ChallengePurpose, Clock, CodeAttempt, OneTimeCodes } from '../ports.ts';
import type { RedisClient } from './redis.ts';

declare module 'ioredis' {
  // The parameter has to be named as in the interface that this adds to.
  interface RedisCommander<Context> {
    redeemCode(
      challengeKey: string,
      newestKey: string,
      tag: string,
      newestId: string,
    ): Result<[outcome: string, meta?: string], Context>;
  }
}

/**
 * One step: is it still the newest (where that is asked), is the code right, and then it is spent.
 * The tag is a keyed hash, so comparing it byte by byte tells an attacker nothing.
 */
const redeemCode = `
if ARGV[2] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[2] then return {'superseded'} end
local challenge = redis.call('HMGET', KEYS[1], 'tag', 'meta')
if challenge[1] ~= ARGV[1] then return {'wrong'} end
redis.call('DEL', KEYS[1])
return {'right', challenge[2]}
`;

export interface CodeSettings {
  readonly redis: RedisClient;
  readonly clock: Clock;
  /** Life of a code, in seconds. */
  readonly ttl: number;
  /** Keys that Redis never sees: one for the codes, one for the addresses in its key names. */
  readonly codeKey: Buffer;
  readonly addressKey: Buffer;
}

/** One-time codes in Redis: what lies there names neither the code nor the address. */
export function createOneTimeCodes(settings: CodeSettings): OneTimeCodes {
  const { redis, clock, ttl, codeKey, addressKey } = settings;
  redis.defineCommand('redeemCode', { numberOfKeys: 2, lua: redeemCode });

  // The braces keep all keys of an address on one node of a Redis Cluster.
  const owner = (address: string) =>
    `code:{${createHmac('sha256', addressKey).update(address).digest('base64url')}}`;
  const challengeKey = (address: string, id: string) => `${owner(address)}:${id}`;
  const newestKey = (address: string, purpose: ChallengePurpose) =>
    `${owner(address)}:newest:${purpose}`;
  const tagOf = (id: string, address: string, purpose: ChallengePurpose, code: string) =>
    createHmac('sha256', codeKey)
      .update(JSON.stringify([id, address, purpose, code]))
      .digest('base64url');

  const tryToRedeem = async ({ purpose, address, code, challengeId }: CodeAttempt) => {
    const newest = newestKey(address, purpose);
    const id = challengeId ?? (await redis.get(newest));
    if (id === null) return undefined;
    const [outcome, meta] = await redis.redeemCode(
      challengeKey(address, id),
      newest,
      tagOf(id, address, purpose, code),
      challengeId ? '' : id,
    );
    if (outcome === 'superseded') return outcome;
    return outcome === 'right' && meta ? readChallenge(meta) : undefined;
  };

  return {
    async issue({ address, ...origin }) {
      const createdAt = clock.now();
      const id = randomUUID();
      const code = randomInt(1_000_000).toString().padStart(6, '0');
      const challenge: Challenge = {
        ...origin,
        id,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + ttl * 1000),
      };
      const key = challengeKey(address, id);
      const tag = tagOf(id, address, origin.purpose, code);
      const results = await redis
        .multi()
        .hset(key, { tag, meta: JSON.stringify(challenge) })
        .expire(key, ttl)
        .set(newestKey(address, origin.purpose), id, 'EX', ttl)
        .exec();
      const failed = results?.find(([error]) => error)?.[0];
      if (failed || !results) throw failed ?? new Error('Redis discarded the transaction');
      return { challenge, code };
    },

    async redeem(attempt) {
      for (;;) {
        const outcome = await tryToRedeem(attempt);
        if (outcome !== 'superseded') return outcome;
      }
    },

    async isLive(address, challengeId) {
      return (await redis.exists(challengeKey(address, challengeId))) === 1;
    },
  };
}

function readChallenge(meta: string): Challenge {
  const { createdAt, expiresAt, ...rest } = JSON.parse(meta);
  return { ...rest, createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) };
}
