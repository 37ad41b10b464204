import { setTimeout as pause } from 'node:timers/promises';
import type { RedisClient } from './redis.ts';

/** Milliseconds that a start waits for an unavailable Redis. */
const PATIENCE = 2000;

/**
 * Waits briefly until Redis can be used. An unavailable Redis does not stop the start.
 *
 * @returns why Redis refuses this user, database or certificate, which waiting does not cure
 */
export async function refusalAtStart(redis: RedisClient): Promise<string | undefined> {
  const { availability } = redis;
  for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(20)) {
    if (redis.status === 'ready') await availability.check();
    const { diagnosis } = availability;
    if (diagnosis?.isMisconfigured) return diagnosis.line;
    if (redis.status === 'ready') return undefined;
  }
  return undefined;
}
