import { LRUCache } from 'lru-cache';
import type {
  RateLimit,
  RateLimitExceeded,
  RateLimitWindow,
  SubjectRateLimits,
} from '../ports/rate-limits.ts';
import type { RedisClient } from './redis.ts';
import type { WindowReply } from './redis-scripts.ts';

type Limits = readonly RateLimit[];

/** Number of recorded events that a process remembers. A forgotten one is looked up again. */
const MAX_RECORDED = 10_000;

const fieldOf = ({ name, subject }: RateLimit): string => `${name} ${subject}`.trim();

/** Returns the input of the scripts for these limits. */
export const windowsOf = (limits: Limits) =>
  limits.map((limit) => ({
    field: fieldOf(limit),
    max: limit.max,
    milliseconds: limit.seconds * 1000,
    kind: limit.kind ?? 'own',
  }));

export const secondsOf = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

/** Rate-limit windows in Redis, by Redis's clock. Exact under any concurrency. */
export class RedisWindows {
  readonly redis: RedisClient;
  readonly #recorded = new LRUCache<string, true>({ max: MAX_RECORDED });
  /** Keys with a limit that was used up, until its window ends. */
  readonly #usedUp = new LRUCache<string, true>({ max: MAX_RECORDED });

  constructor(redis: RedisClient) {
    this.redis = redis;
  }

  /** Returns the rate limits of a kind of subject. One hash holds all windows of a subject. */
  limitsIn(keyOf: (subject: string) => string): SubjectRateLimits {
    type Script = 'checkWindows' | 'consumeWindows';
    const run = async (script: Script, subject: string, limits: Limits, client: string) => {
      const key = keyOf(subject);
      const input = { limits: windowsOf(limits) };
      const reply = limits.length > 0 ? await this.redis.run(script, [key], input) : null;
      return this.exceededOf(key, limits, client, reply);
    };
    return {
      check: async (subject, ...attempt) =>
        this.#usedUp.has(keyOf(subject)) ? run('checkWindows', subject, ...attempt) : undefined,
      consume: (...attempt) => run('consumeWindows', ...attempt),
      refund: async (subject, limits) => {
        if (limits.length === 0) return;
        const input = { limits: windowsOf(limits) };
        await this.redis.run('refundWindows', [keyOf(subject)], input).catch(() => undefined);
      },
    };
  }

  /** Lists the windows of a hash that have not ended. */
  async list(key: string): Promise<RateLimitWindow[]> {
    const found = await this.redis.run('listWindows', [key], {});
    return found.map(([field, taken, milliseconds]) => {
      const [name = '', ...subject] = field.split(' ');
      return { name, subject: subject.join(' '), taken, wait: secondsOf(milliseconds) };
    });
  }

  /** Removes all windows of a hash. */
  async clear(key: string): Promise<void> {
    await this.redis.run('clearWindows', [key], {});
  }

  /** Converts the reply of a script. */
  exceededOf(
    key: string,
    limits: Limits,
    client: string,
    reply: WindowReply,
  ): RateLimitExceeded | undefined {
    if (!reply) return undefined;
    const [index, milliseconds, end] = reply;
    this.#usedUp.set(key, true, { ttl: Math.max(1, milliseconds) });
    const limit = limits[index];
    if (!limit) throw new Error(`Redis returned limit index ${index} of ${limits.length} limits`);
    const exceeded = { name: limit.name, wait: secondsOf(milliseconds) };
    const event = `${key} ${fieldOf(limit)} ${end} ${client}`;
    if (this.#recorded.has(event)) return exceeded;
    const confirm = () => void this.#recorded.set(event, true);
    return { ...exceeded, unrecorded: { key: event, confirm } };
  }
}
