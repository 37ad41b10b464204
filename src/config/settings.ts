import { z } from 'zod';
import { tokenAlgorithms } from '../ports/tokens.ts';
import { hostPatterns, networks, origins } from './address-shapes.ts';
import { factors } from './factor-settings.ts';
import { introspectionClients } from './introspection-clients-shape.ts';
import { addressLimits, clientLimits, otherLimits } from './limits.ts';
import { mails } from './mail-settings.ts';
import { passkeys } from './passkey-settings.ts';
import { defaultHost, defaultLogLevel, logLevels } from './process-plan.ts';
import { authority, inDevelopment, setting } from './setting.ts';
import * as shapes from './setting-shapes.ts';
import { traces } from './tracing-settings.ts';
import { postgresReadUrl, postgresUrl, redisUrl } from './url-shapes.ts';
import { webhooks } from './webhook-settings.ts';

export type { Environment, Setting } from './setting.ts';

const lowerCase = z.string().toLowerCase();
const logLevel = lowerCase.pipe(z.enum(logLevels)).describe(`one of ${logLevels.join(', ')}`);

const stores = {
  databaseUrl: setting('DATABASE_URL', postgresUrl, {
    about:
      'PostgreSQL, on one server or [several](scale.md#several-postgresql-servers). Options: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `sslnegotiation`, `application_name`, `host`, `options`, `target_session_attrs`. If unset in development, `npm start` runs its own server.',
    required: true,
  }),
  databaseReadUrl: setting('DATABASE_READ_URL', postgresReadUrl, {
    about:
      'A streaming replica, or a load balancer in front of several, for [lists that may lag](scale.md#a-replica-for-lists). The same options as `DATABASE_URL`, except `target_session_attrs`.',
  }),
  databaseReadMaxLag: setting('DATABASE_READ_MAX_LAG', shapes.whole(2, 60), {
    about: 'Seconds that the replica may lag. If it lags more, lists come from the primary.',
    fallback: '5',
  }),
  databaseCa: authority('DATABASE_CA', 'PostgreSQL (enables TLS)'),
  redisUrl: setting('REDIS_URL', redisUrl, {
    about:
      'Redis, for codes and rate limits; [several nodes or sentinels](scale.md#redis-cluster-and-sentinel). `REDIS_HOST` and `REDIS_PORT` also work. If unset in development, `npm start` runs its own server.',
    required: true,
  }),
  redisCa: authority('REDIS_CA', 'Redis (`rediss://`)'),
  queueRedisUrl: setting('QUEUE_REDIS_URL', redisUrl, {
    about: 'Redis for the queues. Default: `REDIS_URL`. `CELERY_BROKER_URL` also works.',
    formerly: ['CELERY_BROKER_URL'],
  }),
  redisEviction: setting('REDIS_EVICTION', shapes.oneOf('refuse', 'allow'), {
    about:
      '`allow` lets production start with a Redis that evicts keys. Evictions lose codes and rate limits.',
    fallback: 'refuse',
  }),
};

const tokens = {
  secretKey: setting('SECRET_KEY', shapes.secret, {
    about:
      'Secret from which Gatehouse derives its encryption and HMAC keys. In development, the first start creates one.',
    required: true,
  }),
  secretKeyPrevious: setting('SECRET_KEY_PREVIOUS', shapes.secret, {
    about: 'The previous `SECRET_KEY`. Gatehouse uses it only to decrypt existing data and tokens.',
  }),
  keyRotationDays: setting('KEY_ROTATION_DAYS', shapes.whole(0, 3650), {
    about:
      'Days between automatic rotations of the signing key. `0` disables them; use `npx gatehouse keys rotate`.',
    fallback: '90',
  }),
  tokenIssuer: setting('TOKEN_ISSUER', shapes.claim, {
    about: 'Claim `iss` of the tokens. Default: `PUBLIC_URL`.',
  }),
  tokenAudience: setting('TOKEN_AUDIENCE', shapes.claim, {
    about: 'Claim `aud` of the tokens. Default: `PUBLIC_URL`.',
  }),
  tokenClientId: setting('TOKEN_CLIENT_ID', shapes.claim, {
    about: 'Claim `client_id` of the access tokens (RFC 9068).',
    fallback: 'gatehouse',
  }),
  tokenAlgorithm: setting('TOKEN_ALG', shapes.oneOf(...tokenAlgorithms), {
    about:
      'Algorithm of the first signing key in an empty database: `ES256` (default), `EdDSA` or `RS256`. To change it later, run `npx gatehouse keys rotate --alg`.',
  }),
  tokenClaims: setting('TOKEN_CLAIMS', shapes.claimNames, {
    about:
      'Claims to [add to the access tokens](../guide/verify-tokens.md#claims-of-your-own): `email`, `email_verified`, and keys of a user’s metadata, such as `metadata.plan`.',
    fallback: '',
  }),
  introspectionClients: setting('INTROSPECTION_CLIENTS', introspectionClients, {
    about:
      'Services that may call `/oauth/introspect`: `id:hash` of each, the hash being the SHA-256 of its secret. `npx gatehouse introspection-clients new` makes one. Two entries of one id allow both secrets.',
    fallback: '',
  }),
};

const http = {
  port: setting('PORT', shapes.port, {
    about: 'TCP port of the API. `0` selects a free port.',
    fallback: '8000',
  }),
  host: setting('HOST', shapes.host, {
    about: 'IP address or host name to listen on.',
    fallback: defaultHost,
  }),
  webConcurrency: setting('WEB_CONCURRENCY', shapes.whole(1, 256), {
    about:
      'Server processes. Default: one per core in production (at least 256 MiB each), else `1`.',
  }),
  metricsPort: setting('METRICS_PORT', shapes.port, {
    about:
      'TCP port of the server’s [`/metrics`](../reference/metrics.md). `0` selects a free port. Unset: none; in development `PORT` serves it too.',
  }),
  workerMetricsPort: setting('WORKER_METRICS_PORT', shapes.port, {
    about: 'TCP port of the worker’s `/metrics`. Default: `METRICS_PORT` plus 1.',
  }),
  metricsHost: setting('METRICS_HOST', shapes.host, {
    about: 'IP address or host name for both. Default: `HOST`.',
  }),
  publicUrl: setting('PUBLIC_URL', shapes.webAddress, {
    about: 'Public URL of the API. Default for the claims `iss` and `aud`.',
    fallback: { development: 'http://localhost:{PORT}', production: '' },
    required: true,
  }),
  allowedHosts: setting('ALLOWED_HOSTS', hostPatterns, {
    about:
      'Allowed host names: `auth.example.com`, `.example.com` to include subdomains, or `*` for any.',
    fallback: '*',
  }),
  trustProxy: setting('TRUST_PROXY', networks, {
    about:
      'Addresses or networks of proxies whose `X-Forwarded-For`, `X-Request-Id` and `traceparent` are trusted.',
    fallback: '',
  }),
  keepAlive: setting('KEEP_ALIVE', shapes.whole(1, 600), {
    about:
      'Seconds that an idle connection stays open. Must exceed the idle timeout of your proxy.',
    fallback: '5',
  }),
  corsOrigins: setting('CORS_ORIGINS', origins, {
    about:
      'Web origins that may call the API, including app origins (`capacitor://localhost`). `https://*.example.com` matches one subdomain label.',
    fallback: '',
  }),
  securityContact: setting('SECURITY_CONTACT', shapes.contact, {
    about: 'Contact for vulnerability reports in `/.well-known/security.txt`. Unset: 404.',
  }),
  changePasswordUrl: setting('CHANGE_PASSWORD_URL', shapes.page, {
    about: 'Page that `/.well-known/change-password` redirects to. Unset: 404.',
  }),
  logLevel: setting('LOG_LEVEL', logLevel, {
    about: 'Minimum log level.',
    fallback: defaultLogLevel,
  }),
};

const accounts = {
  registration: setting('REGISTRATION', shapes.oneOf('open', 'closed', 'domains'), {
    about:
      'Which new addresses can get an account: `open` (all), `closed` (none) or `domains` (only `REGISTRATION_DOMAINS`). Applies to `register` and to the first sign-in with a code. Responses do not reveal it.',
    fallback: 'open',
  }),
  registrationDomains: setting('REGISTRATION_DOMAINS', shapes.domains, {
    about:
      'Mail domains for `REGISTRATION=domains`: `example.com`, or `.example.com` to include subdomains.',
    fallback: '',
  }),
  otpSignup: setting('OTP_SIGNUP', shapes.yesNo, {
    about: 'Whether signing in with a code creates an account for a new address.',
    fallback: 'true',
  }),
  otpTtl: setting('OTP_TTL', shapes.whole(30, 600), {
    about:
      'Lifetime of a one-time code in seconds, 30 to 600 (ASVS 5.0 6.5.5). Codes that are already mailed keep theirs.',
    fallback: '300',
  }),
};

const audit = {
  auditRetentionDays: setting('AUDIT_RETENTION_DAYS', shapes.whole(0, 36_500), {
    about:
      'Days to keep audit events; `0` keeps them forever. Workers drop whole months: a month goes when all its events are older.',
    fallback: '0',
  }),
  auditWitness: setting('AUDIT_WITNESS', shapes.witness, {
    about:
      'Destination of checkpoints of the audit log: a file (`file:///…`) with each seal, a URL for PUT (`https://…`) once an hour, or a mail address (`mailto:…`) once a day.',
  }),
};

const tools = {
  apiDocs: setting('API_DOCS', shapes.yesNo, {
    about: 'Whether to serve `/`, Swagger UI (`/api/docs/`) and ReDoc (`/api/redoc/`).',
    fallback: inDevelopment,
  }),
  graphiql: setting('GRAPHIQL', shapes.yesNo, {
    about: 'Whether to serve GraphiQL to browsers that open `/graphql`.',
    fallback: inDevelopment,
  }),
  console: setting('CONSOLE', shapes.yesNo, {
    about: 'Whether to serve the [console](../guide/administer.md#use-the-console) (`/console`).',
    fallback: inDevelopment,
  }),
  graphqlGet: setting('GRAPHQL_GET', shapes.yesNo, {
    about: 'Whether to accept queries by `GET /graphql`. Mutations need POST.',
    fallback: 'true',
  }),
  introspection: setting('INTROSPECTION', shapes.yesNo, {
    about: 'Whether clients can query the schema over GraphQL.',
    fallback: inDevelopment,
  }),
};

/** Every setting, under the headings of the reference. */
export const settingGroups = {
  'PostgreSQL and Redis': stores,
  'Keys and tokens': tokens,
  HTTP: http,
  Mail: mails,
  'Registration and codes': accounts,
  'Second factors': factors,
  Passkeys: passkeys,
  'Audit log': audit,
  Webhooks: webhooks,
  Traces: traces,
  'Documents and GraphQL': tools,
  'Limits per client': clientLimits,
  'Limits per address': addressLimits,
  'Other limits': otherLimits,
};

export const settings = {
  ...stores,
  ...tokens,
  ...http,
  ...mails,
  ...accounts,
  ...factors,
  ...passkeys,
  ...audit,
  ...webhooks,
  ...traces,
  ...tools,
  ...clientLimits,
  ...addressLimits,
  ...otherLimits,
};
