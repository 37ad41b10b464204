type Url = 'databaseUrl' | 'redisUrl' | 'queueRedisUrl' | 'smtpUrl';
type Authority = 'databaseCa' | 'redisCa' | 'smtpCa';

interface Given extends Readonly<Partial<Record<Url | Authority, string | undefined>>> {
  readonly registration: string;
  readonly registrationDomains: readonly string[];
}

const has = (url: string | undefined, option: string, value: string): boolean =>
  url !== undefined && new URL(url).searchParams.get(option) === value;

/** Tests whether settings contradict each other, by message. */
const conflicts: Readonly<Record<string, (given: Given) => unknown>> = {
  'DATABASE_CA has no effect with sslmode=disable in DATABASE_URL: remove one of them': (given) =>
    given.databaseCa && has(given.databaseUrl, 'sslmode', 'disable'),
  'DATABASE_CA has no effect with sslmode=no-verify in DATABASE_URL: remove one of them': (given) =>
    given.databaseCa && has(given.databaseUrl, 'sslmode', 'no-verify'),
  'REDIS_CA has no effect without TLS: write rediss:// in REDIS_URL': (given) => {
    // A command may need no Redis at all.
    const urls = [given.redisUrl, given.queueRedisUrl].filter((url) => url !== undefined);
    return given.redisCa && urls.length > 0 && !urls.some((url) => url.startsWith('rediss:'));
  },
  'SMTP_CA has no effect with tls=off in SMTP_URL: remove one of them': (given) =>
    given.smtpCa && has(given.smtpUrl, 'tls', 'off'),
  'REGISTRATION=domains needs mail domains in REGISTRATION_DOMAINS': (given) =>
    given.registration === 'domains' && given.registrationDomains.length === 0,
  'REGISTRATION_DOMAINS has no effect without REGISTRATION=domains': (given) =>
    given.registration !== 'domains' && given.registrationDomains.length > 0,
};

/** Returns a message for each conflict between settings. */
export const settingConflicts = (given: Given): string[] =>
  Object.keys(conflicts).filter((message) => conflicts[message]?.(given));
