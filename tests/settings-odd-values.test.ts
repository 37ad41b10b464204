import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
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

const same = (...texts: string[]) => texts.map((text) => [text, text] as const);

const yesNo: Odd = {
  works: [
    ['True', true],
    ['"true"', true],
    [' on ', true],
    ['1\n', true],
    ['NO', false],
    ['0', false],
  ],
  stops: ['y', 'maybe', 'true # yes', 'true,false', 't', 'enabled', '2', '-1', 'null'],
};
const number = (works: Odd['works'], ...stops: string[]): Odd => ({
  works: [...works],
  stops: ['5m', '1e3', '-1', '1.5', '1_000', '0x10', '5 # five', '1,000', 'unlimited', ...stops],
});
const limit: Odd = {
  works: [
    ['7/60', { max: 7, seconds: 60 }],
    [' 7/60\n', { max: 7, seconds: 60 }],
    ['"7/60"', { max: 7, seconds: 60 }],
  ],
  stops: [
    '7',
    '7/1m',
    '7 / 60',
    '0/60',
    '7/0',
    '-1/60',
    '7/60 # a',
    '7/min',
    'off',
    '7/9999999',
    '7:60',
  ],
};
const redis: Odd = {
  works: [
    ...same(
      'redis://localhost',
      'redis://h:6380',
      'rediss://:p%25ss@h:6380/1',
      'redis://user:pw@h/15',
      'redis://[::1]:6379/0',
      'redis://h/0?family=6',
      'redis://redis_1:6379/',
    ),
    ["'redis://h/2'", 'redis://h/2'],
    ['redis://h/2\n', 'redis://h/2'],
  ],
  stops: [
    ...[
      'redis://h/name',
      'redis://h/0/1',
      'redis://:p%ss@h',
      'redis://:a#b@h/0',
      'redis://:a/b@h/0',
    ],
    ...['redis://:a?b@h/0', 'redis://a b@h', 'h:6379', 'http://h:6379', 'redis://', 'redis://h:0'],
    ...['redis://h:70000', 'redis://::1:6379', 'redis://h1,h2:6379', 'redis://h/0?db=1'],
    ...[
      'redis://h?ssl_cert_reqs=none',
      'redis://topsecret@h',
      'tcp://10.0.0.1:6379',
      '/run/redis.sock',
    ],
    ...['redis://h/-1', 'redis://h/0 # cache', 'redis://h/%zz'],
  ],
};
/** A root that Node trusts: only its form matters. */
const certificate = rootCertificates[0] ?? '';
const certificates: Odd = {
  works: [
    [certificate, certificate],
    [`"${certificate}"`, certificate],
    [certificate.replaceAll('\n', '\\n'), certificate],
  ],
  stops: [
    ...[
      '/nowhere/ca.pem',
      'ca.pem',
      '/',
      'true',
      '-----BEGIN CERTIFICATE-----',
      'require',
      '/etc/hosts',
    ],
    ...[
      '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----',
      'https://ca.example.com',
      '~/ca.pem',
    ],
  ],
};
const claim: Odd = {
  works: [
    ...same('gatehouse', 'urn:example:api', 'https://auth.example.com/', 'a,b', '<none>'),
    ['"gatehouse"', 'gatehouse'],
    [' gatehouse\n', 'gatehouse'],
  ],
  stops: ['my app', 'a # comment', 'a\nb', 'Hügel', ':', '1:2', 'x'.repeat(501)],
};

const odd: Record<Key, Odd> = {
  port: {
    works: [
      [' 8001 ', 8001],
      ['"8001"', 8001],
      ["'8001'", 8001],
      ['8001\n', 8001],
      ['0', 0],
      ['08001', 8001],
    ],
    stops: [
      ...[
        'tcp://10.0.0.1:80',
        ':8000',
        '127.0.0.1:8000',
        '65536',
        '-1',
        '80a',
        '8000 # port',
        '1e3',
      ],
      ...['8000,8001', '/run/gatehouse.sock', '\\\\.\\pipe\\a', '80.0', '0x50'],
    ],
  },
  host: {
    works: [
      ...same('0.0.0.0', '::', '::1', 'localhost', 'x86_64-conda-linux-gnu', 'A.example'),
      ['[::1]', '::1'],
      ['"127.0.0.1"', '127.0.0.1'],
      [' 127.0.0.1\n', '127.0.0.1'],
    ],
    stops: [
      ...[
        'http://localhost',
        'localhost:8000',
        '127.0.0.1:8000',
        '[::1]:8000',
        '*',
        '0.0.0.0/0',
        'a b',
      ],
      ...['a,b', '256.0.0.1', '1.2.3', '/run/a.sock', 'a..b', '-a', 'tcp://10.0.0.1:80'],
    ],
  },
  databaseUrl: {
    works: [
      ...same(
        'postgres://db',
        'postgresql://db/a',
        'postgres://u:p%25ss@db:6432/a',
        'postgres://u:p@[::1]:5432/a',
        'postgres://u:p@db/a?sslmode=require',
        'postgres://u@%2Frun%2Fpostgresql/a',
        'postgres://u:a:b@db/a',
        'postgres://u:p@my_db/a-b',
      ),
      ['"postgres://u:p@db/a"', 'postgres://u:p@db/a'],
      ['postgres://u:p@db/a\n', 'postgres://u:p@db/a'],
    ],
    stops: [
      ...[
        'postgres://u:p%ss@db/a',
        'postgres://u:p%C3@db/a',
        'postgres://u:a#b@db/a',
        'postgres://u:a/b@db/a',
      ],
      ...[
        'postgres://u:a?b@db/a',
        'postgres://u:a b@db/a',
        'db:5432/a',
        'localhost',
        'mysql://u:p@db/a',
      ],
      ...[
        'postgresql+asyncpg://u:p@db/a',
        'sqlite:///db.sqlite3',
        'postgres://u:p@db/a?schema=auth',
      ],
      ...[
        'postgres://u:p@db/a?ssl=true',
        'postgres://u:p@db/a?sslmode=allow',
        'postgres://u:p@db/a?SSLMODE=require',
      ],
      ...['postgres://u:p@db/a?sslrootcert=/nowhere/ca.pem', 'postgres://u:p@db/a?pgbouncer=true'],
      ...[
        'postgres://u:p@a,b/a',
        'postgres://u:p@db:0/a',
        'postgres://u:p@db:99999/a',
        'postgres://u:p@::1/a',
      ],
      ...[
        'postgres://u:p@db/a/b',
        'postgres://u:p@db/a/',
        'postgres:///a',
        'tcp://10.0.0.1:5432',
        'jdbc:postgresql://db/a',
      ],
      ...['host=db dbname=a', 'postgres://u:p@db/a # main'],
    ],
  },
  redisUrl: redis,
  queueRedisUrl: redis,
  redisEviction: {
    works: [
      ['"allow"', 'allow'],
      [' refuse ', 'refuse'],
      ['allow\n', 'allow'],
    ],
    stops: ['ALLOW', 'true', 'noeviction', 'allkeys-lru', 'allow # cache', 'allow,refuse', '1'],
  },
  secretKey: {
    works: same(`"${STRONG}"`, `${STRONG}\n`, `${STRONG}%zz`, `${STRONG} # key`, `${STRONG}ü`),
    stops: [
      ...[
        'short',
        'a'.repeat(64),
        `django-insecure-${STRONG}`,
        `change-me-${STRONG}`,
        `CHANGEME${STRONG}`,
      ],
      ...[
        `your-secret-key-${STRONG}`,
        `<${STRONG}>`,
        `$(openssl rand -base64 48)${STRONG}`,
        `replace${STRONG}`,
      ],
      '12121212121212121212121212121212121212',
    ],
  },
  secretKeyPrevious: {
    works: same(`'${STRONG}'`, `${STRONG}\n`, `${STRONG}%zz`),
    stops: [
      'short',
      'a'.repeat(64),
      `django-insecure-${STRONG}`,
      'none',
      'null',
      '-',
      '0',
      `changeme${STRONG}`,
    ],
  },
  keyRotationDays: number(
    [
      [' 30\n', 30],
      ['"30"', 30],
      ['0', 0],
    ],
    '90d',
    '3651',
    'never',
  ),
  allowedHosts: {
    works: [
      ['*', ['*']],
      ['a.example, .b.example', ['a.example', '.b.example']],
      ['A.Example.', ['a.example']],
      ['"a.example"', ['a.example']],
      ['::1,[::1]', ['[::1]', '[::1]']],
      ['127.0.0.1\n', ['127.0.0.1']],
      [' ', ['*']],
    ],
    stops: [
      ...[
        'https://a.example',
        'a.example:8000',
        'a.example/path',
        '*.example.com',
        "['a.example']",
        'a..b',
      ],
      ...[
        '["*"]',
        'bücher.example',
        'a.example;b.example',
        '[::1]:8000',
        '.',
        '10.0.0.0/8',
        '%',
        'a@b',
      ],
    ],
  },
  trustProxy: {
    works: [
      ['10.0.0.1,10.0.0.0/8', ['10.0.0.1', '10.0.0.0/8']],
      ['"10.0.0.1"', ['10.0.0.1']],
      ['::1 fd00::/8', ['::1', 'fd00::/8']],
      ['10.0.0.1\n', ['10.0.0.1']],
      ['', []],
    ],
    stops: [
      ...[
        'proxy',
        'true',
        '1',
        'loopback',
        '*',
        '10.0.0.1:80',
        '10.0.0.0/99',
        '[::1]',
        'fe80::1%eth0',
      ],
      ...['10.0.0.0/255.0.0.0', '010.0.0.1', 'http://10.0.0.1', '10.0.0.*', 'tcp://10.0.0.1:80'],
    ],
  },
  keepAlive: number(
    [
      [' 30\n', 30],
      ['"30"', 30],
    ],
    '0',
    '601',
    '5s',
  ),
  smtpUrl: {
    works: [
      ...same(
        'smtp://mail',
        'smtp://mail:2525/',
        'smtps://u:p%25ss@mail',
        'smtp://u%40example.com:p@mail:587',
        'smtp://[::1]:25',
        'smtp://u:p@mail:25?tls=off',
        'smtp://mail?tls=required',
      ),
      ['"smtp://mail:25"', 'smtp://mail:25'],
      ['smtp://mail:25\n', 'smtp://mail:25'],
    ],
    stops: [
      ...[
        'mail',
        'mail:25',
        'mail.example.com:587',
        'http://mail',
        'smtp://',
        'smtp://u:p%ss@mail',
        'smtp://u:a#b@mail',
      ],
      ...[
        'smtp://u:a/b@mail',
        'smtp://u:a b@mail',
        'smtp://u@mail',
        'smtp://:p@mail',
        'smtp://mail:0',
      ],
      ...[
        'smtp://mail:99999',
        'smtp://mail/inbox',
        'smtp://mail?requireTLS=true',
        'smtp://mail?tls=no',
      ],
      ...['smtp+starttls://mail', 'smtp://a,b', 'tcp://10.0.0.1:25', 'smtp://mail # relay'],
    ],
  },
  mailFrom: {
    works: [
      ['a@b.example', { name: '', address: 'a@b.example' }],
      ['<a@b.example>', { name: '', address: 'a@b.example' }],
      ['Acme <a@b.example>', { name: 'Acme', address: 'a@b.example' }],
      ['"Acme, Inc." <a@b.example>', { name: 'Acme, Inc.', address: 'a@b.example' }],
      ['Acme, Inc. <a@b.example>', { name: 'Acme, Inc.', address: 'a@b.example' }],
      ['"A \\"B\\"" <a@b.example>', { name: 'A "B"', address: 'a@b.example' }],
      ["'Acme <a@b.example>'", { name: 'Acme', address: 'a@b.example' }],
      ['"Acme <a@localhost>"\n', { name: 'Acme', address: 'a@localhost' }],
      ['Größe <a+b@c.example>', { name: 'Größe', address: 'a+b@c.example' }],
    ],
    stops: [
      ...[
        'nobody',
        'a@b.example, c@d.example',
        'Acme a@b.example',
        'mailto:a@b.example',
        '"Acme, Inc.',
        'a@',
      ],
      ...[
        'Acme <a@b.example',
        'a@b@c.example',
        'Acme <>',
        'A\r\nBcc: x@y.z <a@b.example>',
        'ä@b.example',
      ],
      ...['a@b c', '"Acme" Inc <a@b.example>', 'A <a@b.example> # sender', 'a@bücher.example'],
    ],
  },
  publicUrl: {
    works: [
      ['https://a.example/', 'https://a.example'],
      ['https://a.example/auth', 'https://a.example/auth'],
      ['"https://a.example"', 'https://a.example'],
      ['http://localhost:8000\n', 'http://localhost:8000'],
      ['http://[::1]:8000', 'http://[::1]:8000'],
    ],
    stops: [
      ...[
        'a.example',
        '/auth',
        '.',
        'https://',
        'ftp://a.example',
        'https://u:topsecret@a.example',
        'HTTPS://a.example',
      ],
      ...[
        'https://A.example',
        'https://a.example:443',
        'https://a.example?x',
        'https://a.example#x',
      ],
      ...[
        'https://a b.example',
        'https://bücher.example',
        'https://a.example/"',
        'https://a.example # here',
        'a.example:8000',
      ],
    ],
  },
  tokenIssuer: claim,
  tokenAudience: claim,
  tokenClientId: claim,
  tokenAlgorithm: {
    works: [
      ['"ES256"', 'ES256'],
      [' EdDSA\n', 'EdDSA'],
    ],
    stops: ['es256', 'HS256', 'none', 'RS512', 'ES256,RS256', 'ES256 # default', 'Ed25519', 'true'],
  },
  tokenClaims: {
    works: [
      ['"email"', ['email']],
      ['email email_verified,email', ['email', 'email_verified']],
      ['email\n', ['email']],
    ],
    stops: [
      'name',
      'emailVerified',
      'EMAIL',
      '*',
      'email;role',
      'email # claim',
      'true',
      '["email"]',
    ],
  },
  securityContact: {
    works: [
      ...same('mailto:a@example.com', 'https://example.com/security'),
      ['"mailto:a@example.com"', 'mailto:a@example.com'],
      ['mailto:a@example.com\n', 'mailto:a@example.com'],
    ],
    stops: [
      ...[
        'a@example.com',
        'mailto:',
        'mailto:Ada <a@example.com>',
        'http://example.com',
        'https://',
        'example.com',
      ],
      ...['https://example.com/\nPolicy: x', 'https://example.com # contact'],
    ],
  },
  changePasswordUrl: {
    works: [
      ['https://a.example/p', 'https://a.example/p'],
      ['"https://a.example/p"', 'https://a.example/p'],
      ['https://A.example/ü\n', 'https://a.example/%C3%BC'],
    ],
    stops: [
      ...[
        '/settings',
        'a.example/p',
        'javascript:alert(1)',
        'https://u:p@a.example',
        'https://',
        'ftp://a.example',
      ],
      ...['//a.example', 'true'],
    ],
  },
  corsOrigins: {
    works: [
      ['https://a.example, http://localhost:3000', ['https://a.example', 'http://localhost:3000']],
      ['capacitor://localhost', ['capacitor://localhost']],
      ['ionic://localhost tauri://localhost', ['ionic://localhost', 'tauri://localhost']],
      ['https://*.example.com', ['https://*.example.com']],
      ['https://*.example.com:8443', ['https://*.example.com:8443']],
      ['chrome-extension://abcdef', ['chrome-extension://abcdef']],
      ['http://[::1]:3000', ['http://[::1]:3000']],
      ['"https://a.example"', ['https://a.example']],
      ['https://a.example\n', ['https://a.example']],
    ],
    stops: [
      ...[
        '*',
        'null',
        'https://a.example/',
        'https://a.example/path',
        'a.example',
        'localhost:3000',
        '//a.example',
      ],
      ...[
        'https://A.example',
        'https://a.example:443',
        'https://u:topsecret@a.example',
        'https://*.*.example.com',
      ],
      ...[
        'https://a*.example.com',
        'https://*',
        'https://*.com:x',
        'https://a.*.com',
        'file:///a',
        'data:text/html,a',
      ],
      ...[
        'https://bücher.example',
        'https://a.example?x',
        '["https://a.example"]',
        'https://a.example;https://b.example',
      ],
      ...['https://*.com/', 'https://a.example # app', 'http*://a.example', 'javascript://a'],
    ],
  },
  registration: {
    works: [
      ['open', 'open'],
      ['closed', 'closed'],
      [' closed\n', 'closed'],
      ['"open"', 'open'],
    ],
    stops: ['OPEN', 'yes', 'true', 'none', 'domain', 'open,closed'],
  },
  registrationDomains: {
    works: [['', []]],
    stops: [
      'https://a.example',
      'a@b.example',
      '*.a.example',
      'a',
      'a..b',
      '-a.example',
      'a.example:25',
      '127.0.0.1',
      'ä.example',
      '..a.example',
    ],
  },
  otpSignup: yesNo,
  otpTtl: number(
    [
      [' 60\n', 60],
      ['"60"', 60],
    ],
    '29',
    '601',
    '5m',
  ),
  apiDocs: yesNo,
  graphiql: yesNo,
  graphqlGet: yesNo,
  introspection: yesNo,
  logLevel: {
    works: [
      ['INFO', 'info'],
      ['"debug"', 'debug'],
      [' Warn\n', 'warn'],
    ],
    stops: ['warning', 'verbose', '30', 'loud', 'info # level', 'info,debug', 'true', '*'],
  },
  databaseCa: certificates,
  redisCa: certificates,
  smtpCa: certificates,
  connections: number(
    [
      [' 10\n', 10],
      ['"10"', 10],
    ],
    '0',
    '100001',
  ),
  clientConnections: number(
    [
      [' 10\n', 10],
      ['"10"', 10],
    ],
    '0',
    '100001',
  ),
  requests: limit,
  codeRequests: limit,
  registrations: limit,
  logins: limit,
  verifications: limit,
  resets: limit,
  passwordChanges: limit,
  refreshes: limit,
  mailedCodes: limit,
  mailedCodesADay: limit,
  wrongCodes: limit,
  wrongCodesOfUnknown: limit,
  wrongCodesOfUnknownADay: limit,
  guessesWithId: number(
    [
      [' 4\n', 4],
      ['"4"', 4],
    ],
    '0',
    '1001',
    '5/600',
  ),
  guessesWithoutId: number(
    [
      [' 4\n', 4],
      ['"4"', 4],
    ],
    '0',
    '1001',
    '5/600',
  ),
  wrongPasswordsOfUnknown: limit,
  wrongPasswords: limit,
  mailbox: limit,
  mailboxADay: limit,
  wrongPasswordsOfSession: number(
    [
      [' 4\n', 4],
      ['"4"', 4],
    ],
    '0',
    '1001',
    '5/600',
  ),
  addresses: limit,
  addressesPer56: limit,
  addressesPer48: limit,
  unknownMemory: number(
    [
      [' 80\n', 80],
      ['"100"', 100],
    ],
    '0',
    '101',
    '70%',
  ),
};

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

it.each(keys)('does not start with other odd values of %s, and names the setting', (key) => {
  const variable = variableOf(key);
  const lines = odd[key].stops.map((text) => {
    try {
      readConfig({ ...complete, [variable]: text }, 'production');
      return `${text} was taken`;
    } catch (error) {
      return String(error);
    }
  });
  for (const line of lines) expect(line).toMatch(/^ConfigError: [A-Z_]+ must be [^\n]+$/);
  expect(lines.map((line) => line.split(' ')[1])).toEqual(lines.map(() => variable));
  expect(lines.join()).not.toMatch(/topsecret|%ss|[#/?]b@/);
});

it.each([
  [
    'DATABASE_URL',
    'postgres://u:p%ss@db/a',
    /percent-encode the password: a `%` is written `%25`$/,
  ],
  ['DATABASE_URL', 'postgres://u:a#b@db/a', /percent-encode special characters of the password/],
  ['DATABASE_URL', 'postgres://db/a?schema=auth', /unknown option `schema`; give .+ search_path/],
  ['REDIS_URL', 'redis://h/name', /its path must be `\/` and the number of a database, as `\/0`$/],
  ['REDIS_URL', 'redis://secret@h', /a password is written after a colon/],
  ['SMTP_URL', 'smtp://mail?requireTLS=true', /unknown option `requireTLS`/],
  ['ALLOWED_HOSTS', 'https://a.example/', /`https:\/\/a.example\/`: write `a.example`/],
  ['ALLOWED_HOSTS', '*.example.com', /write `\.example\.com`$/],
  ['ALLOWED_HOSTS', 'bücher.example', /write `xn--bcher-kva\.example`$/],
  ['TRUST_PROXY', 'proxy', /`proxy`: write an address or a network/],
  ['CORS_ORIGINS', 'https://a.example/', /`https:\/\/a.example\/`: write `https:\/\/a\.example`$/],
  ['CORS_ORIGINS', '*', /`\*`: name each origin/],
  ['CORS_ORIGINS', 'null', /any page can have this origin/],
  ['PUBLIC_URL', 'https://A.example', /write `https:\/\/a\.example`$/],
  ['PUBLIC_URL', 'https://u:p@a.example', /remove user and password$/],
])('says what to write instead of %s=%s', (variable, value, cure) => {
  expect(() => readConfig({ ...complete, [variable]: value }, 'production')).toThrow(cure);
});

it.each([
  [
    { DATABASE_URL: 'postgres://db?sslmode=disable' },
    'DATABASE_CA',
    /^DATABASE_CA has no effect with sslmode=disable/,
  ],
  [{ REDIS_URL: 'redis://cache' }, 'REDIS_CA', /^REDIS_CA has no effect without TLS/],
  [{ SMTP_URL: 'smtp://mail?tls=off' }, 'SMTP_CA', /^SMTP_CA has no effect with tls=off/],
])('does not start with a certificate authority that has no effect: %j', (given, name, line) => {
  const variables = { ...complete, ...given, [name]: certificate };
  expect(() => readConfig(variables, 'production')).toThrow(line);
});

it('names the former variable that a wrong value comes from', () => {
  const read = (variables: object) => () =>
    readConfig({ ...complete, REDIS_URL: undefined, ...variables }, 'production');
  expect(read({ REDIS_HOST: 'a', CELERY_BROKER_URL: 'amqp://b' })).toThrow(
    /^CELERY_BROKER_URL must/,
  );
  expect(read({ REDIS_PORT: '6379a' })).toThrow(/^REDIS_PORT must be a port number/);
  expect(read({ REDIS_HOST: 'redis://a' })).toThrow(/^REDIS_HOST must be an IP address/);
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
    /^NODE_ENV must/,
  );
});

it('warns of quotes and line ends that belong to a secret', () => {
  for (const text of [`"${STRONG}"`, `${STRONG}\n`]) {
    expect(readConfig({ ...complete, SECRET_KEY: text }, 'production').warnings).toEqual([
      'SECRET_KEY has quotes or blanks around it, which are part of it',
    ]);
  }
});
