import type { AddressKeys } from './address-keys.ts';
import type { RedisClient } from './redis.ts';

/** Seconds after a refusal in which it counts. */
const DAY = 24 * 60 * 60;

export type RefusedRecipients = ReturnType<typeof createRefusedRecipients>;

/**
 * Counts how often the mail server has refused a recipient for good. Only workers use it, so that no
 * response depends on it. Without Redis it counts nothing, and every recipient is mailed.
 */
export function createRefusedRecipients(redis: RedisClient, keys: AddressKeys) {
  const ignore = () => undefined;
  return {
    /** Returns the number of refusals since the last delivery, each within a day of the next one. */
    async count(address: string): Promise<number> {
      return Number((await redis.get(keys.refusals(address)).catch(ignore)) ?? 0);
    },
    async add(address: string): Promise<void> {
      const key = keys.refusals(address);
      await redis.multi().incr(key).expire(key, DAY).exec().catch(ignore);
    },
    async clear(address: string): Promise<void> {
      await redis.del(keys.refusals(address)).catch(ignore);
    },
  };
}
