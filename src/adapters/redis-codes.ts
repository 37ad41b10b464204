import { createHmac, randomInt } from 'node:crypto';
import type { Result } from 'ioredis';
import type { Challenge, ChallengePurpose, Clock, OneTimeCodes } from '../ports.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisClient } from './redis.ts';
import {
  type BudgetReply,
  budgetArguments,
  budgetsInLua,
  defineBudgetCommands,
  refusalOf,
} from './redis-budgets.ts';

declare module 'ioredis' {
  // The parameter has to be named as in the interface that this adds to.
  interface RedisCommander<Context> {
    issueCode(...args: (string | number)[]): Result<BudgetReply, Context>;
    redeemCode(
      ...args: (string | number)[]
    ): Result<['superseded' | 'wrong'] | ['refused', BudgetReply] | ['right', string], Context>;
  }
}

/** KEYS: challenge, newest, budgets to take, budgets to give back. */
const issueCode = `${budgetsInLua}
local takes = tonumber(ARGV[7])
local gives = #KEYS - 2 - takes
giveBack(3 + takes, gives, 8 + 3 * takes)
local refused = take(3, takes, 8, ARGV[5])
if refused then return refused end
redis.call('HSET', KEYS[1], 'tag', ARGV[1], 'meta', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
if ARGV[6] == '0' then redis.call('SET', KEYS[2], ARGV[4], 'EX', ARGV[3]) end
`;

/**
 * KEYS: challenge, newest, budgets. Is it still the newest (where that is asked), is there a budget
 * left, has the challenge a guess left for this way to it, is the code right; then it is spent, and
 * the budgets are given back. The tag is a keyed hash, so comparing it byte by byte tells an
 * attacker nothing.
 */
const redeemCode = `${budgetsInLua}
if ARGV[2] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[2] then return {'superseded'} end
local refused = take(3, #KEYS - 2, 6, ARGV[5])
if refused then return {'refused', refused} end
local challenge = redis.call('HMGET', KEYS[1], 'tag', 'meta')
if not challenge[1] then return {'wrong'} end
if redis.call('HINCRBY', KEYS[1], ARGV[3], 1) > tonumber(ARGV[4]) then return {'wrong'} end
if challenge[1] ~= ARGV[1] then return {'wrong'} end
giveBack(3, #KEYS - 2, 6)
redis.call('DEL', KEYS[1])
return {'right', challenge[2]}
`;

export interface CodeSettings {
  readonly redis: RedisClient;
  readonly clock: Clock;
  readonly keys: AddressKeys;
  /** Life of a code, in seconds. */
  readonly ttl: number;
  /** Guesses that one challenge stands, by those who hold its id and by those who do not. */
  readonly guesses: { readonly withId: number; readonly withoutId: number };
  /** 256 bits that Redis never sees. */
  readonly codeKey: Buffer;
}

/** One-time codes in Redis: what lies there names neither the code nor the address. */
export function createOneTimeCodes(settings: CodeSettings): OneTimeCodes {
  const { redis, clock, keys, ttl, guesses, codeKey } = settings;
  defineBudgetCommands(redis);
  redis.defineCommand('issueCode', { lua: issueCode });
  redis.defineCommand('redeemCode', { lua: redeemCode });

  const tagOf = (id: string, address: string, purpose: ChallengePurpose, code: string) =>
    createHmac('sha256', codeKey)
      .update(JSON.stringify([id, address, purpose, code]))
      .digest('base64url');

  const compare: OneTimeCodes['redeem'] = async (attempt, take) => {
    const { purpose, address, code, challengeId, client, known } = attempt;
    const way = challengeId === null ? 'withoutId' : 'withId';
    const newest = keys.newest(address, purpose);
    // A challenge that there is not is compared too: its attempts count like any other's.
    const id = challengeId ?? (await redis.get(newest)) ?? '';
    const budgetKeys = take.map((budget) => keys.budget(address, budget));
    const names = [keys.challenge(address, id), newest, ...budgetKeys];
    const [outcome, detail] = await redis.redeemCode(
      names.length,
      ...names,
      tagOf(id, address, purpose, code),
      challengeId === null ? id : '',
      // Counted apart: nobody at an unknown client can use up the guesses of a known one.
      `${known ? 'known' : 'strangers'} ${way}`,
      guesses[way],
      client,
      ...budgetArguments(take),
    );
    switch (outcome) {
      case 'superseded':
        return compare(attempt, take);
      case 'wrong':
        return { challenge: undefined };
      case 'right':
        return { challenge: readChallenge(detail) };
      case 'refused': {
        const refusal = refusalOf(redis, { budgets: take, keys: budgetKeys, client }, detail);
        if (!refusal) throw new Error('Redis refuses without saying why');
        return { refusal };
      }
    }
  };

  return {
    async issue({ address, decoy, ...origin }, take, giveBack = []) {
      const createdAt = clock.now();
      const id = newChallengeId();
      const code = randomDigits(6);
      const expiresAt = new Date(createdAt.getTime() + ttl * 1000);
      const challenge: Challenge = { ...origin, id, createdAt, expiresAt };
      const budgets = [...take, ...giveBack];
      const budgetKeys = budgets.map((budget) => keys.budget(address, budget));
      const newest = keys.newest(address, origin.purpose);
      const names = [keys.challenge(address, id), newest, ...budgetKeys];
      const reply = await redis.issueCode(
        names.length,
        ...names,
        // No attempt has an empty code.
        tagOf(id, address, origin.purpose, decoy ? '' : code),
        JSON.stringify(challenge),
        ttl,
        id,
        origin.client,
        decoy ? 1 : 0,
        take.length,
        ...budgetArguments(budgets),
      );
      const refusal = refusalOf(redis, { budgets, keys: budgetKeys, client: origin.client }, reply);
      return refusal ? { refusal } : { challenge, code };
    },

    redeem: compare,

    async restore({ address, purpose, code }, challenge) {
      const key = keys.challenge(address, challenge.id);
      const tag = tagOf(challenge.id, address, purpose, code);
      const left = challenge.expiresAt.getTime() - clock.now().getTime();
      if (left <= 0) return;
      await redis
        .multi()
        .hset(key, { tag, meta: JSON.stringify(challenge) })
        .pexpire(key, left)
        .exec();
    },

    async isLive(address, challengeId) {
      return (await redis.exists(keys.challenge(address, challengeId))) === 1;
    },
  };
}

/**
 * Forty digits in groups, 132 bits: answers about known and unknown addresses then differ in digits
 * alone, by whatever they are compared.
 */
const newChallengeId = (): string => Array.from({ length: 10 }, () => randomDigits(4)).join('-');

const randomDigits = (length: number): string =>
  randomInt(10 ** length)
    .toString()
    .padStart(length, '0');

function readChallenge(meta: string): Challenge {
  const { createdAt, expiresAt, ...rest } = JSON.parse(meta);
  return { ...rest, createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) };
}
