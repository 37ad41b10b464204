import { LRUCache } from 'lru-cache';
import type { RedisClient } from './redis.ts';

/** Writers that a process remembers itself. */
const MAX_WRITERS = 10_000;

/** Remembers for some seconds who has written, in all processes by way of Redis. */
export function createRecentWriters(redis: RedisClient, seconds: number) {
  const own = new LRUCache<string, true>({ max: MAX_WRITERS, ttl: seconds * 1000 });
  const keyOf = (writer: string) => `writer:{${writer}}`;
  return {
    async noteWrite(writer: string): Promise<void> {
      own.set(writer, true);
      // Without Redis, no process reads from the replica.
      await redis.set(keyOf(writer), '1', 'EX', seconds).catch(() => undefined);
    },
    async hasWritten(writer: string): Promise<boolean> {
      if (own.has(writer)) return true;
      return redis.exists(keyOf(writer)).then(Boolean, () => true);
    },
  };
}
