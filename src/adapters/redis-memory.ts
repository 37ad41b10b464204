import { repeat, shareRecent } from '../concurrency/recent.ts';
import type { RedisClient } from './redis.ts';

/** Reads INFO. @returns a function that returns a field; undefined if Redis does not report it */
export async function readInfo(redis: RedisClient, section = 'default') {
  const info = await redis.info(section).catch(() => '');
  return (name: string) => new RegExp(`^${name}:(.*)\\r$`, 'm').exec(info)?.[1];
}

/** Share of its `maxmemory` that a Redis uses, read once a second. */
export class RedisMemory {
  /** From 0 to 1; 0 if Redis has no limit or does not report it. */
  used = 0;
  readonly #redis: RedisClient;
  readonly #reserve: number;
  /** Reads the memory in use, at most a few times a second. Never rejects. */
  readonly check = shareRecent(() => this.#read());

  /** @param percent of `maxmemory` that unknown clients may fill */
  constructor(redis: RedisClient, percent: number) {
    this.#redis = redis;
    this.#reserve = percent / 100;
  }

  /** Whether Redis is full and rejects writes with OOM. */
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
    return repeat(1000, this.check);
  }

  async #read(): Promise<void> {
    const field = await readInfo(this.#redis, 'memory');
    const limit = Number(field('maxmemory') ?? 0);
    this.used = limit === 0 ? 0 : Number(field('used_memory')) / limit;
  }
}
