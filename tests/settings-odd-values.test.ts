import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '#src/config/load-config.ts';
import { settings } from '#src/config/settings.ts';

const STRONG = 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s';
const complete = {
  DATABASE_URL: 'postgres://a:b@db/gatehouse',
  REDIS_URL: 'rediss://cache:6379/0',
  SECRET_KEY: STRONG,
  SMTP_URL: 'smtp://mail:25',
  MAIL_FROM: 'Gatehouse <no-reply@example.com>',
  PUBLIC_URL: 'https://auth.example.com',
};

type Key = keyof typeof settings;

/** Results of odd values: they work, perhaps as another value, or stop the start. */
interface Odd {
  /** Pairs of a text and the value that it stands for. */
  readonly works: readonly (readonly [string, unknown])[];
  readonly stops: readonly string[];
}

interface Row extends Partial<Odd> {
  readonly kind?: string;
  readonly same?: readonly string[];
}

/** A root that Node trusts: only its form matters. */
const certificate = rootCertificates[0] ?? '';
const placeholders: Readonly<Record<string, string>> = {
  '{STRONG}': STRONG,
  '{CERTIFICATE}': certificate,
  '{ESCAPED}': certificate.replaceAll('\n', '\\n'),
  '{LONG}': 'x'.repeat(501),
  '{KEY}': 'k'.repeat(43),
  '{REPEATED}': 'a'.repeat(64),
};
const table: { kinds: Record<string, Row>; settings: Record<Key, Row> } = parse(
  readFileSync(new URL('settings-odd-values.yaml', import.meta.url), 'utf8'),
  (_key, value) =>
    typeof value === 'string'
      ? value.replace(/\{[A-Z]+\}/g, (name) => placeholders[name] ?? name)
      : value,
);

function oddOf({ kind, same = [], works = [], stops = [] }: Row): Odd {
  const shared = kind && oddOf(table.kinds[kind] ?? {});
  const unchanged = same.map((text) => [text, text] as const);
  return {
    works: [...unchanged, ...works, ...(shared ? shared.works : [])],
    stops: [...stops, ...(shared ? shared.stops : [])],
  };
}
const odd = Object.fromEntries(
  Object.entries(table.settings).map(([key, row]) => [key, oddOf(row)]),
) as Record<Key, Odd>;

const keys = Object.keys(settings) as Key[];
const variableOf = (key: Key): string => settings[key].variable;

it('tries at least ten odd values of every setting', () => {
  expect(Object.keys(odd).sort()).toEqual([...keys].sort());
  const few = keys.filter((key) => odd[key].works.length + odd[key].stops.length < 10);
  expect(few).toEqual([]);
});

it.each(keys)('reads odd values of %s as intended', (key) => {
  const taken = odd[key].works.map(([text]) => [
    text,
    readConfig({ ...complete, [variableOf(key)]: text }, 'production')[key],
  ]);
  expect(taken).toEqual(odd[key].works);
});

it.each(keys)('does not start with invalid odd values of %s, and names the setting', (key) => {
  const variable = variableOf(key);
  const lines = odd[key].stops.map((text) => {
    try {
      readConfig({ ...complete, [variable]: text }, 'production');
      return `${text} was taken`;
    } catch (error) {
      return String(error);
    }
  });
  for (const line of lines) expect(line).toMatch(/^ConfigError: [A-Z_]+: must be [^\n]+$/);
  expect(lines.map((line) => line.split(': ')[1])).toEqual(lines.map(() => variable));
  expect(lines.join()).not.toMatch(/topsecret|%ss|[#/?]b@/);
});

it.each([
  ['DATABASE_URL', 'postgres://u:p%ss@db/a', /percent-encode the password: write `%` as `%25`$/],
  ['DATABASE_URL', 'postgres://u:a#b@db/a', /percent-encode special characters of the password/],
  [
    'DATABASE_URL',
    'postgres://db/a?schema=auth',
    /unknown option `schema`; set the search path .+ search_path/,
  ],
  [
    'REDIS_URL',
    'redis://h/name',
    /the path must be `\/` followed by a database number, for example `\/0`$/,
  ],
  ['REDIS_URL', 'redis://secret@h', /write a colon before the password/],
  ['SMTP_URL', 'smtp://mail?requireTLS=true', /unknown option `requireTLS`/],
  ['ALLOWED_HOSTS', 'https://a.example/', /`https:\/\/a.example\/`: write `a.example`/],
  ['ALLOWED_HOSTS', '*.example.com', /write `\.example\.com`$/],
  ['ALLOWED_HOSTS', 'bücher.example', /write `xn--bcher-kva\.example`$/],
  ['TRUST_PROXY', 'proxy', /`proxy`: write an IP address or network/],
  ['CORS_ORIGINS', 'https://a.example/', /`https:\/\/a.example\/`: write `https:\/\/a\.example`$/],
  ['CORS_ORIGINS', '*', /`\*`: list each origin/],
  ['CORS_ORIGINS', 'null', /list your own origins/],
  ['WEBAUTHN_RP_ID', '192.0.2.7', /browsers accept no IP address here; write a host name$/],
  ['WEBAUTHN_RP_ID', 'github.io', /write your own, like `example\.com`$/],
  ['WEBAUTHN_ORIGINS', 'http://auth.example.com', /browsers offer passkeys on `https:` only/],
  ['WEBAUTHN_ORIGINS', 'https://auth.example.org', /Set WEBAUTHN_RP_ID to the domain that all/],
  ['WEBAUTHN_RP_ID', 'example.org', /PUBLIC_URL is not on this domain\. Set WEBAUTHN_ORIGINS/],
  ['PUBLIC_URL', 'https://A.example', /write `https:\/\/a\.example`$/],
  ['PUBLIC_URL', 'https://u:p@a.example', /remove user and password$/],
])('says what to write instead of %s=%s', (variable, value, cure) => {
  expect(() => readConfig({ ...complete, [variable]: value }, 'production')).toThrow(cure);
});

it.each([
  [
    { DATABASE_URL: 'postgres://db?sslmode=disable' },
    'DATABASE_CA',
    /^DATABASE_CA: ignored because DATABASE_URL has sslmode=disable/,
  ],
  [{ REDIS_URL: 'redis://cache' }, 'REDIS_CA', /^REDIS_CA: ignored without TLS/],
  [
    { SMTP_URL: 'smtp://mail?tls=off' },
    'SMTP_CA',
    /^SMTP_CA: ignored because SMTP_URL has tls=off/,
  ],
])('does not start with a certificate authority that has no effect: %j', (given, name, line) => {
  const variables = { ...complete, ...given, [name]: certificate };
  expect(() => readConfig(variables, 'production')).toThrow(line);
});

it('serves the metrics of the worker on the next port, unless two ports would be the same', () => {
  const portsOf = (METRICS_PORT: string, others = {}) => {
    const config = readConfig({ ...complete, METRICS_PORT, ...others }, 'production');
    return [config.metricsPort, config.workerMetricsPort];
  };
  expect(portsOf('')).toEqual([undefined, undefined]);
  expect(portsOf('0', { PORT: '0' })).toEqual([0, 0]);
  expect(portsOf('9464')).toEqual([9464, 9465]);
  expect(portsOf('9464', { WORKER_METRICS_PORT: '9000' })).toEqual([9464, 9000]);
  expect(() => portsOf('8000')).toThrow(/^METRICS_PORT: must differ from PORT/);
  expect(() => portsOf('9464', { WORKER_METRICS_PORT: '9464' })).toThrow(
    /^WORKER_METRICS_PORT: must/,
  );
  expect(() => portsOf('65535')).toThrow(/^METRICS_PORT: 65535 leaves no port for the worker/);
});

it('names the former variable that a wrong value comes from', () => {
  const read = (variables: object) => () =>
    readConfig({ ...complete, REDIS_URL: undefined, ...variables }, 'production');
  expect(read({ REDIS_HOST: 'a', CELERY_BROKER_URL: 'amqp://b' })).toThrow(
    /^CELERY_BROKER_URL: must/,
  );
  expect(read({ REDIS_PORT: '6379a' })).toThrow(/^REDIS_PORT: must be a port number/);
  expect(read({ REDIS_HOST: 'redis://a' })).toThrow(/^REDIS_HOST: must be an IP address/);
  expect(read({ REDIS_HOST: '::1', REDIS_PORT: ' 6380 ' })().redisUrl).toBe('redis://[::1]:6380/0');
});

it.each(['DEBUG', 'UV_THREADPOOL_SIZE'])(
  'starts with values of %s that are meant for other programs',
  (name) => {
    for (const value of ['*', 'express:*', '-1', 'abc', '0', '1e9', '']) {
      expect(readConfig({ ...complete, [name]: value }, 'production').threads).toBe(4);
    }
  },
);

it.each(['test', 'prod', 'Production', 'staging'])('does not start with NODE_ENV=%s', (value) => {
  expect(() => readConfig({ ...complete, NODE_ENV: value }, 'production')).toThrow(
    /^NODE_ENV: must/,
  );
});

it('warns of quotes and line ends that belong to a secret', () => {
  for (const text of [`"${STRONG}"`, `${STRONG}\n`]) {
    expect(readConfig({ ...complete, SECRET_KEY: text }, 'production').warnings).toEqual([
      'SECRET_KEY: the quotes or spaces around the value are part of the secret. Remove them only if you also change the secret.',
    ]);
  }
});
