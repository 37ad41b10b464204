import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../ports/logger.ts';
import type { RedisClient } from './redis.ts';
import { type InfoField, readInfo } from './redis-memory.ts';

/** Milliseconds that a start waits for an unavailable Redis. */
const MAX_WAIT = 2000;

/** SHA-1 of no script. */
const NO_SCRIPT = '0'.repeat(40);
/** A key that nothing uses, among those of the queues and of the worker's reports. */
const KEY = '{gatehouse}:{probe}:none';

/** Calls what scripts cannot call. None of these calls changes anything, or waits for a job. */
const unscripted = {
  request: (redis: RedisClient): Promise<unknown>[] => [
    redis.evalsha(NO_SCRIPT, 1, KEY),
    redis.multi().del(KEY).exec(),
  ],
  queue: (redis: RedisClient): Promise<unknown>[] => [
    ...unscripted.request(redis),
    redis.script('EXISTS', NO_SCRIPT),
    redis.script('LOAD', 'return 1'),
    redis.brpoplpush(KEY, KEY, -1),
  ],
};

/** Marks Redis as unavailable if the user lacks a permission that no health probe needs. */
async function checkPermissions(redis: RedisClient): Promise<void> {
  const replies = await Promise.allSettled(unscripted[redis.profile](redis));
  for (const reply of replies) {
    const [error] = reply.status === 'rejected' ? errorsOf(reply.reason) : [];
    if (error) redis.availability.markDown(error);
  }
}

/** Returns the errors of a command or of a transaction that a lacking permission causes. */
const errorsOf = (error: Error & { previousErrors?: Error[] }): Error[] =>
  [error, ...(error.previousErrors ?? [])].filter(({ message }) => message.includes('NOPERM'));

/** Waits briefly for Redis. @returns why it rejects the connection; undefined if it may recover */
export async function problemAtStart(redis: RedisClient): Promise<string | undefined> {
  const { availability } = redis;
  for (const end = Date.now() + MAX_WAIT; Date.now() < end; await pause(20)) {
    if (redis.status === 'ready') await availability.check();
    if (redis.status === 'ready' && !availability.diagnosis) await checkPermissions(redis);
    const { diagnosis } = availability;
    if (diagnosis?.isMisconfigured) return diagnosis.line;
    if (redis.status === 'ready') return undefined;
  }
  return undefined;
}

/**
 * Checks, now and after each reconnection, whether Redis may lose keys, and logs warnings. Returns
 * the problem if Redis evicts keys although `REDIS_EVICTION` does not allow it.
 */
export async function checkPolicy(
  redis: RedisClient,
  setting: string,
  mayEvict: boolean,
  log: Log,
): Promise<string | undefined> {
  const warn = (text: string) => log.warn({}, `${setting}: ${text}`);
  const check = async () => {
    const problems = (await readInfo(redis)).map((field) => policyProblem(field, warn));
    const problem = problems.find((each) => each !== undefined);
    if (mayEvict && problem) warn(problem);
    return mayEvict || !problem ? undefined : `${setting}: ${problem}`;
  };
  const problem = redis.status === 'ready' ? await check() : undefined;
  redis.on('ready', () => {
    void check().then((later) => later && log.error({}, later));
  });
  return problem;
}

/** Warns of lost data. Returns a problem if the server may evict keys. */
function policyProblem(field: InfoField, warn: (text: string) => void): string | undefined {
  const policy = field('maxmemory_policy');
  if (policy === undefined)
    warn(
      'cannot read maxmemory-policy. Allow the command INFO, and set maxmemory-policy to noeviction',
    );
  if (field('aof_enabled') === '0') warn('Redis does not persist its data. Set appendonly to yes.');
  // Even if Redis has no memory limit yet: it may get one while the service runs.
  if (policy === undefined || policy === 'noeviction') return undefined;
  return `maxmemory-policy is ${policy}, so a full Redis evicts codes, limits and jobs. Set it to noeviction, or set REDIS_EVICTION=allow.`;
}
