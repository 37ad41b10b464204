import { createMailReader } from '../adapters/mail-report.ts';
import { createLog } from '../adapters/pino-log.ts';
import { openRedis, type RedisClient } from '../adapters/redis.ts';
import { RedisMemory, readInfo } from '../adapters/redis-memory.ts';
import { checkPolicy, problemAtStart } from '../adapters/redis-start.ts';
import type { Config } from '../config/load-config.ts';
import { clockProblem, type Finding, Findings } from './finding.ts';

const silent = createLog('silent', 'doctor');

/** Checks Redis, and that of the queue if it is another one. */
export async function checkRedis(config: Config): Promise<readonly Finding[]> {
  const { redisUrl, queueRedisUrl } = config;
  const first = await check(config, 'REDIS', redisUrl);
  if (queueRedisUrl !== redisUrl)
    return [...first, ...(await check(config, 'QUEUE_REDIS', queueRedisUrl))];
  if (first.some(({ status }) => status === 'problem')) return first;
  return [...first, ...(await checkQueueCommands(config))];
}

/** Checks that the user of a Redis for all may run the commands of the queue too. */
async function checkQueueCommands({ redisUrl, redisCa: ca }: Config): Promise<readonly Finding[]> {
  const findings = new Findings('Redis');
  const redis = openRedis(redisUrl, 'queue', silent, { ca });
  const problem = await problemAtStart(redis);
  if (problem) findings.problem(problem);
  redis.disconnect();
  return findings.all;
}

async function check(config: Config, setting: 'REDIS' | 'QUEUE_REDIS', url: string) {
  const findings = new Findings(setting === 'REDIS' ? 'Redis' : 'Redis of the queue');
  const profile = setting === 'REDIS' ? 'request' : 'queue';
  const redis = openRedis(url, profile, silent, { setting, ca: config.redisCa });
  try {
    const problem = (await problemAtStart(redis)) ?? redis.availability.diagnosis?.line;
    if (problem) findings.problem(problem);
    if (redis.status === 'ready') await checkServer(findings, config, redis, `${setting}_URL`);
  } finally {
    redis.disconnect();
  }
  return findings.all;
}

async function checkServer(
  findings: Findings,
  config: Config,
  redis: RedisClient,
  setting: string,
): Promise<void> {
  for (const field of await readInfo(redis, 'server'))
    findings.ok(`version ${field('redis_version') ?? 'unknown'}`);
  const log = { ...silent, warn: (_fields: object, text: string) => findings.warning(text) };
  const mayEvict = config.redisEviction === 'allow';
  const problem = await checkPolicy(redis, setting, mayEvict, log);
  if (problem) findings.problem(problem);
  const memory = new RedisMemory(redis, config.unknownMemory);
  await memory.check();
  if (memory.isReserved)
    findings.warning(
      `${Math.round(memory.used * 100)} % of maxmemory is in use, so unknown clients are limited. Raise maxmemory.`,
    );
  const [seconds] = await redis.time();
  const clock = clockProblem(Number(seconds) * 1000 + 500);
  if (clock) findings.problem(clock);
  if (setting === 'REDIS_URL') await checkWorker(findings, redis);
}

async function checkWorker(findings: Findings, redis: RedisClient): Promise<void> {
  const report = await createMailReader(redis)();
  if (report.status === 'ok') findings.ok('a worker has reported in the last minute');
  if (report.status === 'unknown')
    findings.problem(
      'No worker has reported in the last minute. Start one with `npx gatehouse worker`.',
    );
  if (report.status === 'unavailable')
    findings.problem(
      `The worker cannot reach the mail server (${report.reason}). Check SMTP_URL of the worker.`,
    );
}
