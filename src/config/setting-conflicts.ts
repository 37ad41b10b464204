import { hostUrls } from '../errors/store-endpoint.ts';
import { isWithin, relyingPartyOf } from './relying-party.ts';

type Url = 'databaseUrl' | 'redisUrl' | 'queueRedisUrl' | 'smtpUrl';
type Authority = 'databaseCa' | 'redisCa' | 'smtpCa';

interface Given extends Readonly<Partial<Record<Url | Authority, string | undefined>>> {
  readonly registration: string;
  readonly registrationDomains: readonly string[];
  readonly port: number;
  readonly metricsPort: number | undefined;
  readonly workerMetricsPort: number | undefined;
  readonly publicUrl: string;
  readonly webauthnRpId: string | undefined;
  readonly webauthnOrigins: readonly string[] | undefined;
}

const has = (url: string | undefined, option: string, value: string): boolean =>
  url !== undefined && new URL(hostUrls(url)[0]).searchParams.get(option) === value;

const samePort = (port: number | undefined, other: number) => port !== 0 && port === other;

/** Tests whether settings contradict each other, by message. */
const conflicts: Readonly<Record<string, (given: Given) => unknown>> = {
  'DATABASE_CA: ignored because DATABASE_URL has sslmode=disable. Remove one of them.': (given) =>
    given.databaseCa && has(given.databaseUrl, 'sslmode', 'disable'),
  'DATABASE_CA: ignored because DATABASE_URL has sslmode=no-verify. Remove one of them.': (given) =>
    given.databaseCa && has(given.databaseUrl, 'sslmode', 'no-verify'),
  'REDIS_CA: ignored without TLS. Write rediss:// in REDIS_URL.': (given) => {
    // A command may need no Redis at all.
    const urls = [given.redisUrl, given.queueRedisUrl].filter((url) => url !== undefined);
    return given.redisCa && urls.length > 0 && !urls.some((url) => url.startsWith('rediss'));
  },
  'SMTP_CA: ignored because SMTP_URL has tls=off. Remove one of them.': (given) =>
    given.smtpCa && has(given.smtpUrl, 'tls', 'off'),
  'REGISTRATION_DOMAINS: required with REGISTRATION=domains. Set at least one mail domain.': (
    given,
  ) => given.registration === 'domains' && given.registrationDomains.length === 0,
  'REGISTRATION_DOMAINS: ignored without REGISTRATION=domains. Set it, or remove REGISTRATION_DOMAINS.':
    (given) => given.registration !== 'domains' && given.registrationDomains.length > 0,
  'METRICS_PORT: must differ from PORT. Clients must not reach the metrics.': (given) =>
    samePort(given.metricsPort, given.port),
  'WORKER_METRICS_PORT: must differ from METRICS_PORT. Leave it unset for METRICS_PORT plus 1.': (
    given,
  ) =>
    given.workerMetricsPort !== undefined && samePort(given.metricsPort, given.workerMetricsPort),
  'METRICS_PORT: 65535 leaves no port for the worker. Set WORKER_METRICS_PORT.': (given) =>
    given.metricsPort === 65_535 && given.workerMetricsPort === undefined,
  'WEBAUTHN_ORIGINS: each origin must be on WEBAUTHN_RP_ID or below it. Set WEBAUTHN_RP_ID to the domain that all origins share.':
    (given) => given.webauthnOrigins && !isConsistent(given),
  'WEBAUTHN_RP_ID: PUBLIC_URL is not on this domain. Set WEBAUTHN_ORIGINS to the origins of your pages.':
    (given) => given.webauthnRpId && !given.webauthnOrigins && !isConsistent(given),
};

/** Returns whether all origins are on the domain of the relying party. */
function isConsistent(given: Given): boolean {
  const { rpId, origins } = relyingPartyOf(given, 'production');
  return origins.every((each) => isWithin(each, rpId));
}

/** Returns a message for each conflict between settings. */
export const settingConflicts = (given: Given): string[] =>
  Object.keys(conflicts).filter((message) => conflicts[message]?.(given));
