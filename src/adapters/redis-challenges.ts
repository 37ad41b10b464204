import { createHmac, randomInt } from 'node:crypto';
import type {
  Challenge,
  ChallengePurpose,
  CodeAttempt,
  CreatedCode,
  NewChallenge,
  OneTimeCodes,
  Redeemed,
  Refused,
} from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { RateLimit, RateLimitExceeded } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import { type RedisWindows, windowsOf } from './redis-windows.ts';

export interface CodeSettings {
  readonly windows: RedisWindows;
  readonly clock: Clock;
  readonly keys: AddressKeys;
  /** Lifetime of a code, in seconds. */
  readonly ttl: number;
  /** Maximum guesses against one challenge, with its id and without it. */
  readonly guesses: { readonly withId: number; readonly withoutId: number };
  /** 256 bits that Redis never sees. */
  readonly codeKey: Buffer;
}

type Limits = readonly RateLimit[];

/** Returns the field of the address that names its newest challenge. A decoy is never the newest. */
const newestField = (purpose: ChallengePurpose, asker: 'known' | 'unknown' | 'decoys'): string =>
  `newest ${purpose} ${asker}`;

/** One-time codes in Redis. The stored data reveals neither the code nor the address. */
export class RedisChallenges implements OneTimeCodes {
  readonly #settings: CodeSettings;

  constructor(settings: CodeSettings) {
    this.#settings = settings;
  }

  create(request: NewChallenge): CreatedCode {
    const { clock, ttl } = this.#settings;
    const { purpose, client, passwordFingerprint, registration, generation } = request;
    const createdAt = clock.now();
    const expiresAt = new Date(createdAt.getTime() + ttl * 1000);
    const origin = { client, passwordFingerprint, registration, generation };
    const challenge = { ...origin, purpose, id: newChallengeId(), createdAt, expiresAt };
    return { request, challenge, code: randomDigits(6) };
  }

  async issue(created: CreatedCode, limits: Limits): Promise<RateLimitExceeded | undefined> {
    const { windows, keys, ttl } = this.#settings;
    const { request, challenge, code } = created;
    const { address, known, decoy } = request;
    const { id, purpose } = challenge;
    const key = keys.windows(address);
    const asker = known ? 'known' : 'unknown';
    const reply = await windows.redis.run('issueCode', [key, keys.challenge(address, id)], {
      limits: windowsOf(limits),
      // An attempt never has an empty code, so nothing redeems a decoy.
      tag: this.#hash(id, address, purpose, decoy ? '' : code),
      meta: writeChallenge(challenge),
      ttl,
      id,
      newestField: newestField(purpose, decoy ? 'decoys' : asker),
    });
    return windows.refusalOf(key, limits, challenge.client, reply);
  }

  async redeem(attempt: CodeAttempt, limits: Limits): Promise<Redeemed | Refused> {
    const { windows, keys, guesses } = this.#settings;
    const { purpose, address, code, challengeId, client, known } = attempt;
    const key = keys.windows(address);
    // An unknown challenge id is compared too, so that its attempts count like any other's.
    const newest = challengeId === null ? await this.#newestOf(address, purpose) : [];
    const ids = challengeId === null ? newest.map(({ id }) => id) : [challengeId];
    const path = challengeId === null ? 'withoutId' : 'withId';
    const names = [key, ...ids.map((id) => keys.challenge(address, id))];
    const [outcome, detail] = await windows.redis.run('redeemCode', names, {
      limits: windowsOf(limits),
      // Separate counters: unknown clients cannot use up the guesses of a known one.
      guesses: { field: `${known ? 'known' : 'unknown'} ${path}`, max: guesses[path] },
      retryField: this.#retryField(attempt),
      newest,
      tags: ids.map((id) => this.#hash(id, address, purpose, code)),
    });
    if (outcome === 'superseded') return this.redeem(attempt, limits);
    if (outcome === 'wrong') return { challenge: undefined };
    if (outcome === 'right') return { challenge: readChallenge(detail) };
    const refusal = windows.refusalOf(key, limits, client, detail);
    if (!refusal)
      throw new Error('The script redeemCode rejected a code without returning the exceeded limit');
    return { refusal };
  }

  async settle(attempt: CodeAttempt, challenge: Challenge, limits: Limits): Promise<void> {
    const { redis } = this.#settings.windows;
    const input = { limits: windowsOf(limits) };
    await redis.run('settleCode', this.#keysOf(attempt, challenge), input).catch(() => undefined);
  }

  async restore(attempt: CodeAttempt, challenge: Challenge): Promise<void> {
    const { redis } = this.#settings.windows;
    const input = { retryField: this.#retryField(attempt) };
    await redis.run('restoreCode', this.#keysOf(attempt, challenge), input).catch(() => undefined);
  }

  async isLive(address: string, challengeId: string): Promise<boolean> {
    const { windows, keys } = this.#settings;
    const key = keys.challenge(address, challengeId);
    const [tag, spent] = await windows.redis.hmget(key, 'tag', 'spent');
    return tag != null && spent == null;
  }

  /** Returns the newest challenges that known and unknown clients requested. */
  async #newestOf(address: string, purpose: ChallengePurpose) {
    const { windows, keys } = this.#settings;
    const fields = [newestField(purpose, 'known'), newestField(purpose, 'unknown')];
    const ids = await windows.redis.hmget(keys.windows(address), ...fields);
    return fields.map((field, index) => ({ field, id: ids[index] ?? '' }));
  }

  #keysOf({ address }: CodeAttempt, { id }: Challenge): string[] {
    const { keys } = this.#settings;
    return [keys.windows(address), keys.challenge(address, id)];
  }

  /** Returns the field that marks a code as just redeemed by a client. */
  #retryField({ address, purpose, code, client }: CodeAttempt): string {
    return `redeemed ${this.#hash('redeemed', address, purpose, code, client)}`;
  }

  #hash(...parts: readonly string[]): string {
    const { codeKey } = this.#settings;
    return createHmac('sha256', codeKey).update(JSON.stringify(parts)).digest('base64url');
  }
}

/**
 * Returns forty digits in groups, 132 bits. Answers about known and unknown addresses then differ
 * only in digits.
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
