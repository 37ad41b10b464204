/** Settings that can contradict each other. */
interface Given {
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly queueRedisUrl?: string | undefined;
  readonly smtpUrl?: string | undefined;
  readonly databaseCa?: string | undefined;
  readonly redisCa?: string | undefined;
  readonly smtpCa?: string | undefined;
  readonly registration: string;
  readonly registrationDomains: readonly string[];
}

const option = (url: string | undefined, name: string): string | null =>
  url === undefined ? null : new URL(url).searchParams.get(name);

/** Returns a problem for each setting that has no effect because of another one. */
export function settingConflicts(given: Given): string[] {
  const { databaseUrl, redisUrl, queueRedisUrl, smtpUrl } = given;
  const problems: string[] = [];
  const mode = option(databaseUrl, 'sslmode');
  if (given.databaseCa !== undefined && (mode === 'disable' || mode === 'no-verify')) {
    problems.push(
      `DATABASE_CA has no effect with sslmode=${mode} in DATABASE_URL: remove one of them`,
    );
  }
  // A command may need no Redis at all.
  const redisUrls = [redisUrl, queueRedisUrl].filter((url) => url !== undefined);
  const isPlain = redisUrls.length > 0 && !redisUrls.some((url) => url.startsWith('rediss:'));
  if (given.redisCa !== undefined && isPlain) {
    problems.push('REDIS_CA has no effect without TLS: write rediss:// in REDIS_URL');
  }
  if (given.smtpCa !== undefined && option(smtpUrl, 'tls') === 'off') {
    problems.push('SMTP_CA has no effect with tls=off in SMTP_URL: remove one of them');
  }
  const hasDomains = given.registrationDomains.length > 0;
  if (given.registration === 'domains' && !hasDomains) {
    problems.push('REGISTRATION=domains needs mail domains in REGISTRATION_DOMAINS');
  }
  if (given.registration !== 'domains' && hasDomains) {
    problems.push('REGISTRATION_DOMAINS has no effect without REGISTRATION=domains');
  }
  return problems;
}
