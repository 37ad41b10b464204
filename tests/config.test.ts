import { expect, it } from 'vitest';
import { readConfig } from '#src/config/load-config.ts';
import { shareOfProcess } from '#src/config/process-share.ts';
import { settings } from '#src/config/settings.ts';

const STRONG = 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s';
const production = {
  DATABASE_URL: 'postgres://a:b@db/gatehouse',
  REDIS_URL: 'redis://cache:6379/0',
  SECRET_KEY: STRONG,
  SMTP_URL: 'smtp://mail:25',
  MAIL_FROM: 'Gatehouse <no-reply@example.com>',
  PUBLIC_URL: 'https://auth.example.com/',
};

it('divides the connections of a server among its processes, and opens no more than PostgreSQL accepts', () => {
  const shares = Array.from({ length: 256 }, (_, index) => {
    const processes = index + 1;
    const config = readConfig({ ...production, WEB_CONCURRENCY: String(processes) }, 'production');
    const { databaseConnections, connections, clientConnections } = shareOfProcess(config);
    return { processes, databaseConnections, connections, clientConnections };
  });
  expect(shares[0]).toMatchObject({
    databaseConnections: 10,
    connections: 1000,
    clientConnections: 100,
  });
  expect(shares[3]).toMatchObject({
    databaseConnections: 4,
    connections: 250,
    clientConnections: 25,
  });
  for (const { processes, databaseConnections } of shares) {
    expect(databaseConnections).toBeGreaterThanOrEqual(1);
    expect(processes * databaseConnections).toBeLessThanOrEqual(Math.max(80, processes));
  }
});

it('accepts a complete production configuration, and freezes it', () => {
  const config = readConfig(production, 'production');
  expect(config).toMatchObject({
    environment: 'production',
    port: 8000,
    host: '0.0.0.0',
    publicUrl: 'https://auth.example.com',
    tokenIssuer: 'https://auth.example.com',
    tokenAudience: 'https://auth.example.com',
    queueRedisUrl: production.REDIS_URL,
    mailFrom: { name: 'Gatehouse', address: 'no-reply@example.com' },
    graphiql: false,
    introspection: false,
  });
  expect(Object.isFrozen(config)).toBe(true);
});

it.each(Object.keys(production))('does not start in production without %s', (variable) => {
  for (const value of [undefined, '']) {
    const without = { ...production, [variable]: value };
    expect(() => readConfig(without, 'production')).toThrow(
      new RegExp(`^${variable}: missing\\. Set it to .+\\.$`),
    );
  }
});

it.each([
  ['SECRET_KEY', 'short'],
  ['SECRET_KEY', 'a'.repeat(64)],
  ['SECRET_KEY', `django-insecure-${STRONG}`],
  ['SECRET_KEY', `change-me-${STRONG}`],
  ['DATABASE_URL', 'mysql://a@b/c'],
  ['REDIS_URL', 'http://cache'],
  ['SMTP_URL', 'mail'],
  ['MAIL_FROM', 'nobody'],
  ['MAIL_FROM', 'a@b.co, c@d.co'],
  ['PUBLIC_URL', 'auth.example.com'],
  ['PUBLIC_URL', 'https://user:password@auth.example.com'],
  ['PUBLIC_URL', 'https://auth.example.com/?tenant=1'],
  ['PUBLIC_URL', 'https://auth.example.com/"'],
  ['PORT', '65536'],
  ['PORT', '80a'],
  ['OTP_TTL', '1'],
  ['OTP_TTL', '601'],
  ['OTP_SIGNUP', 'maybe'],
  ['CORS_ORIGINS', 'https://app.example.com/path'],
  ['TRUST_PROXY', 'proxy'],
  ['TRUST_PROXY', '10.0.0.0/99'],
  ['TRUST_PROXY', '010.0.0.1'],
  ['TRUST_PROXY', '10.0.0.1:80'],
  ['TRUST_PROXY', 'fe80::1%eth0'],
  ['TRUST_PROXY', '::ffff:10.0.0.0/129'],
  ['KEEP_ALIVE', '0'],
  ['LIMIT_CONNECTIONS', '0'],
  ['LIMIT_CONNECTIONS', '1e3'],
  ['LIMIT_CLIENT_CONNECTIONS', '100001'],
  ['SECURITY_CONTACT', 'security@example.com'],
  ['SECURITY_CONTACT', 'mailto:'],
  ['SECURITY_CONTACT', 'mailto:Ada <ada@example.com>'],
  ['SECURITY_CONTACT', 'http://example.com/security'],
  ['SECURITY_CONTACT', 'https://'],
  ['SECURITY_CONTACT', 'https://example.com/\nPolicy: https://evil.example'],
  ['SECURITY_CONTACT', 'mailto:a@example.com\nPolicy: https://evil.example'],
  ['CHANGE_PASSWORD_URL', '/settings'],
  ['CHANGE_PASSWORD_URL', 'javascript:alert(1)'],
  ['CHANGE_PASSWORD_URL', 'https://user:password@app.example.com/'],
  ['LOG_LEVEL', 'loud'],
  ['NODE_ENV', 'staging'],
])('rejects %s=%s in one line that names it and says what it must be', (variable, value) => {
  expect(() => readConfig({ ...production, [variable]: value }, 'production')).toThrow(
    new RegExp(`^${variable}: must be .+$`),
  );
});

it('normalizes values that could not be sent as they are written', () => {
  const changePasswordUrl = (text: string) =>
    readConfig({ ...production, CHANGE_PASSWORD_URL: text }, 'production').changePasswordUrl;
  expect(changePasswordUrl('https://app.example.com/a\r\nSet-Cookie: b=ü')).toBe(
    'https://app.example.com/aSet-Cookie:%20b=%C3%BC',
  );
});

it('names every wrong variable at once', () => {
  const wrong = { ...production, PORT: 'x', SMTP_URL: '' };
  expect(() => readConfig(wrong, 'production')).toThrow(/^PORT: must be .+\nSMTP_URL: missing.+$/);
});

it('reports only PORT if PUBLIC_URL is derived from a wrong one', () => {
  const read = () => readConfig({ PORT: '99999' }, 'development', ['port', 'publicUrl']);
  expect(read).toThrow(/^PORT: must be a port number from 0 to 65535$/);
});

it('never shows a value in an error message', () => {
  const wrong = { ...production, SECRET_KEY: 'topsecret', DATABASE_URL: 'mysql://u:topsecret@h/d' };
  expect(() => readConfig(wrong, 'production')).toThrow(/^((?!topsecret).)*$/s);
});

it('understands the names of the replaced service', () => {
  const old = {
    SECRET_KEY: 'django-insecure-x',
    DATABASE_URL: production.DATABASE_URL,
    DEBUG: 'True',
    ALLOWED_HOSTS: 'localhost,.example.com',
    REDIS_HOST: 'redis',
    REDIS_PORT: '6380',
    CELERY_BROKER_URL: 'redis://redis:6379/1',
  };
  expect(readConfig(old, 'production')).toMatchObject({
    environment: 'development',
    allowedHosts: ['localhost', '.example.com'],
    redisUrl: 'redis://redis:6380/0',
    queueRedisUrl: 'redis://redis:6379/1',
  });
  expect(() => readConfig({ ...old, DEBUG: 'False' }, 'development')).toThrow(/^SECRET_KEY: must/);
  expect(
    readConfig({ ...old, NODE_ENV: 'development', DEBUG: 'False' }, 'production'),
  ).toMatchObject({ environment: 'development' });
  expect(readConfig({ ...old, REDIS_URL: 'redis://new/2' }, 'production').redisUrl).toBe(
    'redis://new/2',
  );
});

it('names every setting once', () => {
  const variables = Object.values(settings).map(({ variable }) => variable);
  expect(new Set(variables).size).toBe(variables.length);
});
