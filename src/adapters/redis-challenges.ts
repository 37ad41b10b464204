import { createHmac, randomInt } from 'node:crypto';
import type {
  Challenge,
  ChallengePurpose,
  CodeAttempt,
  CreatedCode,
  MailLimits,
  NewChallenge,
  OneTimeCodes,
} from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { RateLimit, SubjectRateLimits } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import { type RedisWindows, windowsOf } from './redis-windows.ts';

interface CodeSettings {
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

/** Returns the field of the address that contains the id of its newest challenge. */
const newestField = (purpose: ChallengePurpose, asker: 'known' | 'unknown' | 'decoys'): string =>
  `newest ${purpose} ${asker}`;

/** One-time codes in Redis. The stored data reveals neither the code nor the address. */
export class RedisChallenges implements OneTimeCodes {
  readonly #settings: CodeSettings;

  readonly #addresses: SubjectRateLimits;
  readonly #mailboxes: SubjectRateLimits;

  constructor(settings: CodeSettings) {
    this.#settings = settings;
    this.#addresses = settings.windows.limitsIn(settings.keys.windows);
    this.#mailboxes = settings.windows.limitsIn(settings.keys.mailbox);
  }

  create(request: NewChallenge): CreatedCode {
    const { clock, ttl } = this.#settings;
    const { address: _, known: _known, decoy: _decoy, ...origin } = request;
    const createdAt = clock.now();
    const expiresAt = new Date(createdAt.getTime() + ttl * 1000);
    const challenge = { ...origin, id: newChallengeId(), createdAt, expiresAt };
    return { request, challenge, code: randomDigits(6) };
  }

  async check({ request }: CreatedCode, { address, mailbox }: MailLimits) {
    const { address: name, client } = request;
    const results = await Promise.all([
      this.#mailboxes.check(name, mailbox, client),
      this.#addresses.check(name, address, client),
    ]);
    return results.find((result) => result !== undefined);
  }

  async issue({ request, challenge, code }: CreatedCode, limits: MailLimits) {
    const { windows, keys, ttl } = this.#settings;
    const { address, known, decoy } = request;
    const { id, purpose, client } = challenge;
    const key = keys.windows(address);
    const mailboxKey = keys.mailbox(address);
    const asker = known ? 'known' : 'unknown';
    const names = [key, keys.challenge(address, id), mailboxKey];
    const reply = await windows.redis.run('issueCode', names, {
      limits: windowsOf(limits.address),
      mailboxLimits: windowsOf(limits.mailbox),
      // An attempt never has an empty code, so nothing redeems a decoy.
      tag: this.#hash(id, address, purpose, decoy ? '' : code),
      meta: writeChallenge(challenge),
      ttl,
      id,
      newestField: newestField(purpose, decoy ? 'decoys' : asker),
    });
    if (!reply) return undefined;
    const [usedUp, window] = reply;
    return usedUp === 'mailbox'
      ? windows.exceededOf(mailboxKey, limits.mailbox, client, window)
      : windows.exceededOf(key, limits.address, client, window);
  }

  async redeem(
    attempt: CodeAttempt,
    limits: Limits,
  ): Promise<Awaited<ReturnType<OneTimeCodes['redeem']>>> {
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
    const exceeded = windows.exceededOf(key, limits, client, detail);
    if (exceeded) return { exceeded };
    throw new Error('The script redeemCode rejected a code without returning the exceeded limit');
  }

  settle(attempt: CodeAttempt, challenge: Challenge, limits: Limits) {
    return this.#end('settleCode', attempt, challenge, { limits: windowsOf(limits) });
  }

  restore(attempt: CodeAttempt, challenge: Challenge) {
    return this.#end('restoreCode', attempt, challenge, { retryField: this.#retryField(attempt) });
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

  async #end(
    script: 'settleCode' | 'restoreCode',
    { address }: CodeAttempt,
    { id }: Challenge,
    input: object,
  ): Promise<void> {
    const { windows, keys } = this.#settings;
    const names = [keys.windows(address), keys.challenge(address, id)];
    await windows.redis.run(script, names, input).catch(() => undefined);
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

/** Returns forty digits, 132 bits. Responses then differ only in digits between addresses. */
const newChallengeId = (): string => Array.from({ length: 10 }, () => randomDigits(4)).join('-');

const randomDigits = (length: number): string =>
  String(randomInt(10 ** length)).padStart(length, '0');

/** Writes the stored form of release 0.2, so that servers of both releases read each other's. */
function writeChallenge({ generation, passwordFingerprint, ...rest }: Challenge): string {
  const { saltAndTag = null, wholeHash = null } = passwordFingerprint ?? {};
  return JSON.stringify({ ...rest, saltAndTag, passwordMark: wholeHash, epoch: generation });
}

function readChallenge(meta: string): Challenge {
  const { createdAt, expiresAt, saltAndTag, passwordMark, epoch, ...rest } = JSON.parse(meta);
  const times = { createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) };
  const passwordFingerprint = passwordMark && { saltAndTag, wholeHash: passwordMark };
  return { ...rest, passwordFingerprint, generation: epoch, ...times };
}
