import { repeat, shareRecent } from '../concurrency/recent.ts';
import type { RedisClient } from './redis.ts';

/** Returns a field of INFO; undefined if Redis does not report it. */
export type InfoField = (name: string) => string | undefined;

/** Reads INFO of each server that accepts writes. */
export async function readInfo(redis: RedisClient, section = 'default'): Promise<InfoField[]> {
  const texts = redis.primaries().map((node) => node.info(section).catch(() => ''));
  return (await Promise.all(texts)).map(
    (info) => (name) => new RegExp(`^${name}:(.*)\\r$`, 'm').exec(info)?.[1],
  );
}

/** Share of its `maxmemory` that the fullest Redis uses, read once a second. */
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
    const shares = (await readInfo(this.#redis, 'memory')).map((field) => {
      const limit = Number(field('maxmemory') ?? 0);
      return limit === 0 ? 0 : Number(field('used_memory')) / limit;
    });
    this.used = Math.max(0, ...shares);
  }
}
