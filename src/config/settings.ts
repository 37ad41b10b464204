import { z } from 'zod';
import { hostPatterns, mailbox, networks, origins } from './address-shapes.ts';
import { authorities } from './authorities.ts';
import {
  addressLimits,
  clientLimits,
  connectionLimits,
  networkLimits,
  sessionLimits,
} from './limits.ts';
import { contact, host, page, port, secret, webAddress, whole, yesNo } from './setting-shapes.ts';
import { signUp } from './sign-up-settings.ts';
import { tokenSettings } from './token-settings.ts';
import { postgresUrl, redisUrl, smtpUrl } from './url-shapes.ts';

/** Development brings its own stores and shows mails; production trusts nothing it was not told. */
export type Environment = 'development' | 'production';

/** One environment variable: its name, what it means, how its text becomes a value. */
export interface Setting {
  readonly variable: string;
  /** Former names, which are still read. */
  readonly formerly?: readonly string[];
  /** What it does, for the manual. */
  readonly about: string;
  /** What a value must be, completing "VARIABLE must be …". */
  readonly must: string;
  readonly shape: z.ZodType;
  /** The text taken when the variable is unset; none: the setting is then undefined. */
  readonly fallback?: string | Readonly<Record<Environment, string>>;
  /** No process starts without it, or none in production. */
  readonly required?: true | 'production';
}

const setting = <const Row extends Setting>(row: Row): Row => row;

/** Descriptions of valid values, shared by several settings. */
export const must = {
  yesNo: '`true` or `false`',
  seconds: 'a whole number of seconds',
  port: 'a port number from 0 to 65535',
  host: 'an IP address or a host name, without scheme, port or path',
};

/** Every setting (contract §7), in the order of the manual. */
export const settings = {
  port: setting({
    variable: 'PORT',
    about: 'TCP port of the API; `0` takes any free one.',
    must: must.port,
    shape: port,
    fallback: '8000',
  }),
  host: setting({
    variable: 'HOST',
    about: 'Address that the API listens on.',
    must: must.host,
    shape: host,
    fallback: { development: '127.0.0.1', production: '0.0.0.0' },
  }),
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    about:
      'PostgreSQL. Options: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `sslnegotiation`, `application_name`, `host`, `options`. If unset outside production, `npm start` runs its own.',
    must: 'a URL like postgres://user:password@host:5432/database',
    shape: postgresUrl,
    required: true,
  }),
  redisUrl: setting({
    variable: 'REDIS_URL',
    about:
      'Redis, for codes and rate limits; or `REDIS_HOST` and `REDIS_PORT`. If unset outside production, `npm start` runs its own.',
    must: 'a URL like redis://:password@host:6379/0',
    shape: redisUrl,
    required: true,
  }),
  queueRedisUrl: setting({
    variable: 'QUEUE_REDIS_URL',
    formerly: ['CELERY_BROKER_URL'],
    about: 'Redis for the queues, where it is another; `CELERY_BROKER_URL` is understood.',
    must: 'a URL like redis://:password@host:6379/1',
    shape: redisUrl,
  }),
  redisEviction: setting({
    variable: 'REDIS_EVICTION',
    about:
      '`allow`: production starts also on a Redis that drops keys when it is full, and with them limits and codes.',
    must: '`refuse` or `allow`',
    shape: z.enum(['refuse', 'allow']),
    fallback: 'refuse',
  }),
  secretKey: setting({
    variable: 'SECRET_KEY',
    about: 'Every key at rest is derived from it. Outside production it is made at first start.',
    must: 'at least 32 characters that nobody can guess (`openssl rand -base64 48` makes some)',
    shape: secret,
    required: true,
  }),
  secretKeyPrevious: setting({
    variable: 'SECRET_KEY_PREVIOUS',
    about: 'The secret before this one: still opens what it sealed, seals nothing.',
    must: 'the former SECRET_KEY: at least 32 characters that nobody can guess',
    shape: secret,
  }),
  keyRotationDays: setting({
    variable: 'KEY_ROTATION_DAYS',
    about:
      'Days after which another key signs the access tokens; `0`: only `npm run keys` rotates.',
    must: 'a whole number of days from 0 to 3650',
    shape: whole(0, 3650),
    fallback: '90',
  }),
  allowedHosts: setting({
    variable: 'ALLOWED_HOSTS',
    about: 'Host names of the service: exact, `.example.com` with its subdomains, or `*`.',
    must: 'host names separated by commas',
    shape: hostPatterns,
    fallback: '*',
  }),
  trustProxy: setting({
    variable: 'TRUST_PROXY',
    about:
      'Proxies whose `X-Forwarded-For` and `X-Request-Id` are believed: addresses or networks (`10.0.0.0/8`).',
    must: 'IP addresses or CIDR networks separated by commas',
    shape: networks,
    fallback: '',
  }),
  keepAlive: setting({
    variable: 'KEEP_ALIVE',
    about:
      'Seconds for which a connection waits for its next request; more than those of a proxy that keeps its connections.',
    must: `${must.seconds} from 1 to 600`,
    shape: whole(1, 600),
    fallback: '5',
  }),
  smtpUrl: setting({
    variable: 'SMTP_URL',
    about:
      'Mail server. With a user, TLS is required unless `?tls=off` is set; `?tls=required` always requires it. If unset outside production, the worker prints mails.',
    must: 'a URL like smtp://user:password@host:587',
    shape: smtpUrl,
    required: 'production',
  }),
  mailFrom: setting({
    variable: 'MAIL_FROM',
    about: 'Sender of every mail.',
    must: 'an address like Gatehouse <no-reply@example.com>',
    shape: mailbox,
    fallback: { development: 'Gatehouse <gatehouse@localhost>', production: '' },
    required: true,
  }),
  publicUrl: setting({
    variable: 'PUBLIC_URL',
    about: 'Where clients reach the API; `iss` and `aud` of the tokens are made from it.',
    must: 'a URL like https://auth.example.com',
    shape: webAddress,
    fallback: { development: 'http://localhost:{PORT}', production: '' },
    required: true,
  }),
  ...tokenSettings,
  securityContact: setting({
    variable: 'SECURITY_CONTACT',
    about: 'Whom to tell about a vulnerability, on `/.well-known/security.txt`. Unset: 404.',
    must: 'an address like mailto:security@example.com or https://example.com/security',
    shape: contact,
  }),
  changePasswordUrl: setting({
    variable: 'CHANGE_PASSWORD_URL',
    about:
      'The page of your product where a password is changed; `/.well-known/change-password` leads to it. Unset: 404.',
    must: 'a URL like https://app.example.com/settings/password',
    shape: page,
  }),
  corsOrigins: setting({
    variable: 'CORS_ORIGINS',
    about:
      'Web origins whose pages may call the API, apps included (`capacitor://localhost`); `*` stands for one label in `https://*.example.com`.',
    must: 'origins like https://app.example.com separated by commas',
    shape: origins,
    fallback: '',
  }),
  ...signUp,
  otpTtl: setting({
    variable: 'OTP_TTL',
    about: 'Life of a one-time code, in seconds; ten minutes at most (ASVS 5.0 6.5.5).',
    must: `${must.seconds} from 30 to 600`,
    shape: whole(30, 600),
    fallback: '300',
  }),
  apiDocs: setting({
    variable: 'API_DOCS',
    about: 'The pages for people: `/`, Swagger UI on `/api/docs/`, ReDoc on `/api/redoc/`.',
    must: must.yesNo,
    shape: yesNo,
    fallback: { development: 'true', production: 'false' },
  }),
  graphiql: setting({
    variable: 'GRAPHIQL',
    about: 'The explorer GraphiQL, for browsers that open `/graphql`.',
    must: must.yesNo,
    shape: yesNo,
    fallback: { development: 'true', production: 'false' },
  }),
  graphqlGet: setting({
    variable: 'GRAPHQL_GET',
    about:
      'Queries by `GET /graphql`, as urql and Apollo Client can send them. Mutations need POST.',
    must: must.yesNo,
    shape: yesNo,
    fallback: 'true',
  }),
  introspection: setting({
    variable: 'INTROSPECTION',
    about: 'Whether the schema can be asked for over GraphQL.',
    must: must.yesNo,
    shape: yesNo,
    fallback: { development: 'true', production: 'false' },
  }),
  logLevel: setting({
    variable: 'LOG_LEVEL',
    about: 'The least severe log line that is written.',
    must: 'one of fatal, error, warn, info, debug, trace, silent',
    shape: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])),
    fallback: { development: 'warn', production: 'info' },
  }),
  ...authorities,
  ...connectionLimits,
  ...clientLimits,
  ...addressLimits,
  ...sessionLimits,
  ...networkLimits,
} as const;
