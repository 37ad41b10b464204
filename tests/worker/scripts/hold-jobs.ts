import { consumeJobs } from '#src/adapters/bee-queue-consumer.ts';
import { createLog } from '#src/adapters/pino-log.ts';
import { openRedis } from '#src/adapters/redis.ts';
import { GroupLimit } from '#src/concurrency/group-limit.ts';

/** A worker that never ends the job which it has, and says in Redis which one that is. */
const log = createLog('silent', 'hold-jobs');
const redis = openRedis(process.argv[2] ?? '', 'queue', log);
const hold = async (entryId: string) => {
  await redis.sadd('held', entryId);
  return new Promise<void>(() => undefined);
};
consumeJobs(redis, 'mail', new GroupLimit({ most: 1, few: 0 }), hold, log);
