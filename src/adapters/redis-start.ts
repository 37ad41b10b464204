import { setTimeout as pause } from 'node:timers/promises';
import type { RedisClient } from './redis.ts';

/** Milliseconds that a start waits for a Redis that is away. */
const PATIENCE = 2000;

/**
 * Waits until a Redis can be used, but not long for one that is away: it is used when it comes.
 *
 * @returns why it refuses this user, database or certificate, which waiting does not cure
 */
export async function refusalAtStart(redis: RedisClient): Promise<string | undefined> {
  const { availability } = redis;
  for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(20)) {
    if (redis.status === 'ready') await availability.look();
    const { diagnosis } = availability;
    if (diagnosis?.isMisconfigured) return diagnosis.line;
    if (redis.status === 'ready') return undefined;
  }
  return undefined;
}
