import { LRUCache } from 'lru-cache';
import type { RateLimit, RateLimitExceeded } from '../ports/rate-limits.ts';
import type { RedisClient } from './redis.ts';
import type { WindowReply } from './redis-scripts.ts';

/** Number of recorded refusals that a process remembers. A forgotten one is looked up again. */
const MAX_RECORDED = 10_000;

const fieldOf = ({ name, subject }: RateLimit): string => `${name} ${subject}`.trim();

/** Returns the input of the scripts for these limits. */
export const windowsOf = (rateLimits: readonly RateLimit[]) =>
  rateLimits.map((rateLimit) => ({
    field: fieldOf(rateLimit),
    max: rateLimit.max,
    milliseconds: rateLimit.seconds * 1000,
    kind: rateLimit.kind ?? 'own',
  }));

export const secondsOf = (milliseconds: number): number =>
  Math.max(1, Math.ceil(milliseconds / 1000));

/** Rate-limit windows in Redis, by Redis's clock. Exact under any concurrency. */
export class RedisWindows {
  readonly redis: RedisClient;
  readonly #recorded = new LRUCache<string, true>({ max: MAX_RECORDED });

  constructor(redis: RedisClient) {
    this.redis = redis;
  }

  /** Consumes one attempt of each limit in the hash `key`, or none at all. */
  consume(key: string, rateLimits: readonly RateLimit[], client: string) {
    return this.#run('consumeWindows', key, rateLimits, client);
  }

  /** Returns the refusal that `consume` would return, and consumes nothing. */
  check(key: string, rateLimits: readonly RateLimit[], client: string) {
    return this.#run('checkWindows', key, rateLimits, client);
  }

  /** Consumes one attempt of a single limit. @returns its window after the attempt */
  async consumeOne(key: string, rateLimits: readonly [RateLimit], client: string) {
    const input = { limits: windowsOf(rateLimits) };
    const [taken, wait, reply = null] = await this.redis.run('consumeWindow', [key], input);
    const refusal = this.refusalOf(key, rateLimits, client, reply);
    return { taken, wait: secondsOf(wait), refusal };
  }

  async refund(key: string, rateLimits: readonly RateLimit[]): Promise<void> {
    if (rateLimits.length === 0) return;
    const input = { limits: windowsOf(rateLimits) };
    await this.redis.run('refundWindows', [key], input).catch(() => undefined);
  }

  /** Converts the reply of a script into a refusal. */
  refusalOf(
    key: string,
    rateLimits: readonly RateLimit[],
    client: string,
    reply: WindowReply,
  ): RateLimitExceeded | undefined {
    if (!reply) return undefined;
    const [index, milliseconds, end] = reply;
    const rateLimit = rateLimits[index];
    if (!rateLimit)
      throw new Error(`Redis returned limit index ${index} of ${rateLimits.length} limits`);
    const refusal = { name: rateLimit.name, wait: secondsOf(milliseconds) };
    const mark = `${key} ${fieldOf(rateLimit)} ${end} ${client}`;
    if (this.#recorded.has(mark)) return refusal;
    const confirm = () => void this.#recorded.set(mark, true);
    return { ...refusal, unrecorded: { key: mark, confirm } };
  }

  async #run(
    script: 'consumeWindows' | 'checkWindows',
    key: string,
    rateLimits: readonly RateLimit[],
    client: string,
  ): Promise<RateLimitExceeded | undefined> {
    if (rateLimits.length === 0) return undefined;
    const reply = await this.redis.run(script, [key], { limits: windowsOf(rateLimits) });
    return this.refusalOf(key, rateLimits, client, reply);
  }
}
