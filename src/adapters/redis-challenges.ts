import { createHmac, randomInt } from 'node:crypto';
import type { Result } from 'ioredis';
import type {
  Challenge,
  ChallengePurpose,
  CodeAttempt,
  OneTimeCodes,
} from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { AddressKeys } from './address-keys.ts';
import { issueCode, redeemCode, restoreCode, settleCode } from './redis-challenge-scripts.ts';
import type { RedisWindows, WindowReply } from './redis-windows.ts';
import { windowArguments } from './redis-windows.ts';

declare module 'ioredis' {
  // The parameter has to be named as in the interface that this adds to.
  interface RedisCommander<Context> {
    issueCode(...args: (string | number)[]): Result<WindowReply, Context>;
    redeemCode(
      ...args: (string | number)[]
    ): Result<
      ['superseded' | 'wrong'] | ['refused', WindowReply] | ['right', challenge: string],
      Context
    >;
    settleCode(...args: (string | number)[]): Result<null, Context>;
    restoreCode(...args: (string | number)[]): Result<null, Context>;
  }
}

export interface CodeSettings {
  readonly windows: RedisWindows;
  readonly clock: Clock;
  readonly keys: AddressKeys;
  /** Life of a code, in seconds. */
  readonly ttl: number;
  /** Guesses that one challenge stands, by those who hold its id and by those who do not. */
  readonly guesses: { readonly withId: number; readonly withoutId: number };
  /** 256 bits that Redis never sees. */
  readonly codeKey: Buffer;
}

/**
 * Returns the field of the address that names its newest challenge. A decoy is never the newest.
 */
const newestField = (purpose: ChallengePurpose, asker: 'known' | 'unknown' | 'decoys'): string =>
  `newest ${purpose} ${asker}`;

/** One-time codes in Redis: what lies there names neither the code nor the address. */
export function createOneTimeCodes(settings: CodeSettings): OneTimeCodes {
  const { windows, clock, keys, ttl, guesses, codeKey } = settings;
  const { redis } = windows;
  redis.defineCommand('issueCode', { lua: issueCode, numberOfKeys: 2 });
  redis.defineCommand('redeemCode', { lua: redeemCode });
  redis.defineCommand('settleCode', { lua: settleCode, numberOfKeys: 2 });
  redis.defineCommand('restoreCode', { lua: restoreCode, numberOfKeys: 2 });

  const hash = (...parts: readonly string[]) =>
    createHmac('sha256', codeKey).update(JSON.stringify(parts)).digest('base64url');
  const tagOf = (id: string, address: string, purpose: ChallengePurpose, code: string) =>
    hash(id, address, purpose, code);
  /** Returns the field that marks a code as just redeemed by a client. */
  const redeemedField = ({ address, purpose, code, client }: CodeAttempt) =>
    `redeemed ${hash('redeemed', address, purpose, code, client)}`;

  const redeem: OneTimeCodes['redeem'] = async (attempt, take) => {
    const { purpose, address, code, challengeId, client, known } = attempt;
    const key = keys.windows(address);
    const fields = [newestField(purpose, 'known'), newestField(purpose, 'unknown')];
    const newest = challengeId === null ? fields : [];
    // An unknown challenge id is compared too, so that its attempts count like any other's.
    const ids =
      challengeId === null
        ? (await redis.hmget(key, ...newest)).map((id) => id ?? '')
        : [challengeId];
    const names = [key, ...ids.map((id) => keys.challenge(address, id))];
    const way = challengeId === null ? 'withoutId' : 'withId';
    const [outcome, ...detail] = await redis.redeemCode(
      names.length,
      ...names,
      // Counted apart: nobody at an unknown client can use up the guesses of a known one.
      `${known ? 'known' : 'unknown'} ${way}`,
      guesses[way],
      redeemedField(attempt),
      ...[0, 1].flatMap((index) => [newest[index] ?? '', ids[index] ?? '']),
      take.length,
      ...windowArguments(take),
      ...ids.map((id) => tagOf(id, address, purpose, code)),
    );
    switch (outcome) {
      case 'superseded':
        return redeem(attempt, take);
      case 'wrong':
        return { challenge: undefined };
      case 'right':
        return { challenge: readChallenge(String(detail[0])) };
      case 'refused': {
        const refusal = windows.refusalOf(key, take, client, detail[0] as WindowReply);
        if (!refusal) throw new Error('Redis refuses without saying why');
        return { refusal };
      }
    }
  };

  return {
    create(request) {
      const { purpose, client, passwordFingerprint, registration, generation } = request;
      const createdAt = clock.now();
      const expiresAt = new Date(createdAt.getTime() + ttl * 1000);
      const origin = { client, passwordFingerprint, registration, generation };
      const challenge = { ...origin, purpose, id: newChallengeId(), createdAt, expiresAt };
      return { request, challenge, code: randomDigits(6) };
    },

    async issue({ request, challenge, code }, take) {
      const { address, known, decoy } = request;
      const { id, purpose } = challenge;
      const key = keys.windows(address);
      const asker = known ? 'known' : 'unknown';
      const reply = await redis.issueCode(
        key,
        keys.challenge(address, id),
        // An attempt never has an empty code, so nothing redeems a decoy.
        tagOf(id, address, purpose, decoy ? '' : code),
        writeChallenge(challenge),
        ttl,
        newestField(purpose, decoy ? 'decoys' : asker),
        id,
        ...windowArguments(take),
      );
      return windows.refusalOf(key, take, challenge.client, reply);
    },

    redeem,

    async settle(attempt, challenge, refund) {
      const { address } = attempt;
      const names = [keys.windows(address), keys.challenge(address, challenge.id)];
      await redis.settleCode(...names, ...windowArguments(refund)).catch(() => undefined);
    },

    async restore(attempt, challenge) {
      const { address } = attempt;
      const names = [keys.windows(address), keys.challenge(address, challenge.id)];
      await redis.restoreCode(...names, redeemedField(attempt)).catch(() => undefined);
    },

    async isLive(address, challengeId) {
      const key = keys.challenge(address, challengeId);
      const [tag, spent] = await redis.hmget(key, 'tag', 'spent');
      return tag != null && spent == null;
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

/** Writes the stored form of release 0.2, so that servers of both releases read each other's. */
function writeChallenge({ generation: epoch, ...challenge }: Challenge): string {
  const { passwordFingerprint: passwordMark, ...rest } = challenge;
  return JSON.stringify({ ...rest, passwordMark, epoch });
}

function readChallenge(meta: string): Challenge {
  const { createdAt, expiresAt, passwordMark, epoch, ...rest } = JSON.parse(meta);
  return {
    ...rest,
    passwordFingerprint: passwordMark,
    generation: epoch,
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  };
}
