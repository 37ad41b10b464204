import type { Log } from '../ports/logger.ts';
import type { RedisClient } from './redis.ts';

/**
 * Looks how a Redis keeps its keys, now and whenever it comes back, and warns of what may lose some.
 * INFO tells it also where CONFIG is refused.
 *
 * @param variable that names the Redis
 * @param mayEvict whether it may drop keys when it is full
 * @returns what is wrong with one that drops them and may not; if it comes later, the log has it
 */
export async function checkPolicy(
  redis: RedisClient,
  variable: string,
  mayEvict: boolean,
  log: Log,
): Promise<string | undefined> {
  const look = async () => {
    const { evicts, appends } = await readPolicy(redis);
    if (evicts === undefined) log.warn({}, `${variable}: this Redis tells nobody if it drops keys`);
    if (appends === false)
      log.warn({}, `${variable}: this Redis has no append-only file; see appendonly`);
    if (!evicts) return undefined;
    const complaint = `${variable}: this Redis drops codes, limits or jobs once it is full: its maxmemory-policy must be noeviction, not ${evicts} (or set REDIS_EVICTION=allow)`;
    if (!mayEvict) return complaint;
    log.warn({}, complaint);
    return undefined;
  };
  const complaint = redis.status === 'ready' ? await look() : undefined;
  redis.on('ready', () => {
    void look().then((later) => later && log.error({}, later));
  });
  return complaint;
}

/** What a Redis tells of itself. Undefined: it does not say. */
interface Policy {
  /** The policy by which it drops keys; empty where it drops none. */
  readonly evicts: string | undefined;
  /** Whether it has an append-only file. */
  readonly appends: boolean | undefined;
}

async function readPolicy(redis: RedisClient): Promise<Policy> {
  const info = await redis.info().catch(() => '');
  const field = (name: string) => new RegExp(`^${name}:(.*)\\r$`, 'm').exec(info)?.[1];
  const [policy, aof] = ['maxmemory_policy', 'aof_enabled'].map(field);
  // Also where there is no limit yet: it may be set while the service runs.
  const evicts = policy === 'noeviction' ? '' : policy;
  return { evicts, appends: aof === undefined ? undefined : aof === '1' };
}
