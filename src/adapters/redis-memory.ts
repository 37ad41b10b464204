import { shareRecent } from '../concurrency/recent.ts';
import type { RedisClient } from './redis.ts';

/** Milliseconds between two reads. */
const INTERVAL = 1000;

/** Share of its `maxmemory` that a Redis uses, read once a second. */
export class RedisMemory {
  /** From 0 to 1; 0 if Redis has no limit or does not report it. */
  used = 0;
  readonly #redis: RedisClient;
  /** Share above which only known clients may add state. */
  readonly #reserve: number;
  /** Reads `INFO memory`, unless it was read a moment ago. Never rejects. */
  readonly check = shareRecent(() => this.#read());

  /** @param percent of `maxmemory` that unknown clients may fill */
  constructor(redis: RedisClient, percent: number) {
    this.#redis = redis;
    this.#reserve = percent / 100;
  }

  /** Whether Redis is full and refuses writes with OOM. */
  get isFull(): boolean {
    return this.used >= 1;
  }

  /** Whether the remaining memory is reserved for known clients. */
  get isReserved(): boolean {
    return this.used >= this.#reserve;
  }

  /** Reads it once a second. @returns a function that stops it */
  watch(): () => void {
    void this.check();
    const watching = setInterval(() => void this.check(), INTERVAL);
    return () => clearInterval(watching);
  }

  async #read(): Promise<void> {
    const info = await this.#redis.info('memory').catch(() => '');
    const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    const limit = field('maxmemory');
    this.used = limit === 0 ? 0 : field('used_memory') / limit;
  }
}
