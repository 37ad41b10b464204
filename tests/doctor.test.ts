import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '#src/cli/finding.ts';
import { openMigrationOrm } from '#src/db/orm.ts';
import { useApp } from './support/app.ts';
import { makeCertificates } from './support/certificates.ts';
import { command, commandVariables, gatehouse } from './support/command.ts';
import { newDatabase } from './support/database.ts';
import { type OwnRedis, startOwnRedis } from './support/own-redis.ts';

const SECRET_KEY = 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s';
const app = useApp({ SECRET_KEY });
const certificates = makeCertificates();
let redis: OwnRedis;

beforeAll(async () => {
  redis = await startOwnRedis();
});
afterAll(async () => {
  await redis.close();
  certificates.remove();
});

type Variables = Readonly<Record<string, string>>;

/** A production whose parts all work. */
const working = (): Variables => ({
  NODE_ENV: 'production',
  SMTP_URL: app.mails.url,
  MAIL_FROM: 'no-reply@example.com',
  PUBLIC_URL: 'https://auth.example.com',
  ALLOWED_HOSTS: 'auth.example.com',
  WEB_CONCURRENCY: '2',
});

async function doctor(variables: Variables = {}, words = '') {
  const given = { ...working(), ...variables };
  const { code, output } = await command(app, 'doctor', `--json ${words}`, { variables: given });
  const findings: Finding[] = JSON.parse(output.slice(0, output.lastIndexOf(']') + 1));
  return { code, findings, bad: findings.filter(({ status }) => status !== 'ok') };
}

/** Changes PostgreSQL until the test ends. */
async function changed(statement: string, undo: string): Promise<Variables> {
  await app.sql(statement);
  onTestFinished(async () => void (await app.sql(undo)));
  return {};
}

/** Changes a Redis that is only used by this file. */
async function redisWith(...settings: [name: string, value: string, before: string][]) {
  for (const [name, value, before] of settings) {
    await redis.run('CONFIG', 'SET', name, value);
    onTestFinished(async () => void (await redis.run('CONFIG', 'SET', name, before)));
  }
  return { REDIS_URL: redis.url, QUEUE_REDIS_URL: app.runtime.config.redisUrl };
}

const at = (url: string, changes: Partial<URL>) => Object.assign(new URL(url), changes).href;
const postgres = (changes: Partial<URL>) => ({
  DATABASE_URL: at(app.runtime.config.databaseUrl, changes),
});

async function emptyDatabase(): Promise<Variables> {
  const database = newDatabase();
  await database.create({ empty: true });
  onTestFinished(() => database.drop());
  return { DATABASE_URL: database.url };
}

/** Returns a database that no worker uses, after a statement. */
async function idleDatabase(statement: string): Promise<Variables> {
  const database = newDatabase();
  await database.create();
  const orm = await openMigrationOrm(database.url);
  await orm.em.fork().execute(statement);
  await orm.close(true);
  onTestFinished(() => database.drop());
  return { DATABASE_URL: database.url };
}

const seal = `insert into audit_seals (number, kind, sealed_at, content, digest, key_id, signature)
  values (999, 'START', now(), '', '', 'other', '')`;
const entry = (rest: string) => `insert into outbox_entries
  (id, kind, payload, created_at, due_at, outcome, done_at)
  values ('${randomUUID()}', 'mail', '', now(), now() - interval '1 h', ${rest})`;

describe('names each fault of a set-up, with its fix:', () => {
  it.each<[name: string, () => Variables | Promise<Variables>, message: RegExp]>([
    [
      'an API key that expires soon',
      () =>
        changed(
          `insert into api_keys (id, hash, start, name, scope, created_at, expires_at)
           values (gen_random_uuid(), 'h', '', 'crm', 'READ', now(), now() + interval '6 days')`,
          'delete from api_keys',
        ),
      /^The API key crm expires within 6 days\. Create the next one with/,
    ],
    ['a missing setting', () => ({ MAIL_FROM: '' }), /^MAIL_FROM: missing\. Set it to/],
    ['a wrong value', () => ({ OTP_TTL: '5 min' }), /^OTP_TTL: must be a whole number/],
    ['a misspelled name', () => ({ SMTP_ULR: 'smtp://a' }), /Did you mean SMTP_URL\?/],
    [
      'missing packages of traces',
      () => ({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }),
      /^OTEL_EXPORTER_OTLP_ENDPOINT: traces are off.+npm install .+-grpc@/,
    ],
    ['a conflict', () => ({ REDIS_CA: certificates.ca.cert }), /^REDIS_CA: /],
    ['another Django variable', () => ({ EMAIL_HOST: 'a' }), /^EMAIL_HOST: ignored\. Set SMTP_URL/],
    ['an insecure address', () => ({ PUBLIC_URL: 'http://a.example' }), /^PUBLIC_URL is not https/],
    ['any host', () => ({ ALLOWED_HOSTS: '*' }), /^ALLOWED_HOSTS allows any host\. Set/],
    [
      'no replica',
      () => ({ DATABASE_READ_URL: 'postgres://a:b@127.0.0.1:1/c' }),
      /^DATABASE_READ_URL: cannot connect to .+:1 /,
    ],
    [
      'a primary in place of a replica',
      () => ({ DATABASE_READ_URL: app.runtime.config.databaseUrl }),
      /^DATABASE_READ_URL: the server is not a replica/,
    ],
    ['no PostgreSQL', () => postgres({ port: '1' }), /^DATABASE_URL: cannot connect to .+:1 /],
    ['a wrong password', () => postgres({ password: 'x' }), /^DATABASE_URL: .+password/i],
    ['a missing database', () => postgres({ pathname: '/none' }), /^DATABASE_URL: .+none/],
    [
      'a schema that was not migrated',
      emptyDatabase,
      /lacks \d+ migrations .+`npx gatehouse migrate/,
    ],
    [
      'a schema of a newer release',
      () =>
        changed(
          "insert into mikro_orm_migrations (name) values ('Migration29991231000000_next')",
          "delete from mikro_orm_migrations where name = 'Migration29991231000000_next'",
        ),
      /newer release\. Upgrade Gatehouse/,
    ],
    [
      'a read-only PostgreSQL',
      () => postgres({ search: '?options=-c%20default_transaction_read_only%3Don' }),
      /^DATABASE_URL: .+read-only/,
    ],
    [
      'too many connections',
      () => ({ WEB_CONCURRENCY: '200' }),
      /^max_connections is \d+, but 200/,
    ],
    [
      'another SECRET_KEY',
      () => ({ SECRET_KEY: 'another-secret-0123456789-abcdefgh' }),
      /^SECRET_KEY: cannot decrypt the signing keys\. Set/,
    ],
    [
      'a previous SECRET_KEY still in use',
      () => ({
        SECRET_KEY: 'another-secret-0123456789-abcdefgh',
        SECRET_KEY_PREVIOUS: SECRET_KEY,
      }),
      /keys reseal/,
    ],
    ['a mail that waits', () => idleDatabase(entry('null, null')), /^1 mails .+Start a worker/],
    ['a failed mail', () => idleDatabase(entry("'REFUSED', now()")), /outbox list/],
    [
      'a broken chain of the audit log',
      () => changed(seal, 'delete from audit_seals'),
      /^The last seal .+`npx gatehouse audit verify`/,
    ],
    ['no Redis', () => ({ REDIS_URL: 'redis://127.0.0.1:1' }), /^REDIS_URL: cannot connect to/],
    [
      'a wrong password of Redis',
      () => ({ REDIS_URL: at(redis.url, { password: 'x' }) }),
      /^REDIS_URL: .+password/i,
    ],
    [
      'a Redis that evicts',
      () => redisWith(['maxmemory-policy', 'allkeys-lru', 'noeviction']),
      /^REDIS_URL: maxmemory-policy is allkeys-lru.+Set it to noeviction/,
    ],
    [
      'a Redis that does not persist',
      () => redisWith(['appendonly', 'no', 'yes']),
      /^REDIS_URL: Redis does not persist its data\. Set appendonly/,
    ],
    [
      'a Redis that is nearly full',
      () => redisWith(['maxmemory', '1500kb', '0']),
      /% of maxmemory is in use/,
    ],
    ['no worker', () => redisWith(), /^No worker has reported .+`npx gatehouse worker`/],
    [
      'no Redis of the queue',
      () => ({ QUEUE_REDIS_URL: 'redis://127.0.0.1:1' }),
      /^QUEUE_REDIS_URL: cannot connect/,
    ],
    ['no mail server', () => ({ SMTP_URL: 'smtp://127.0.0.1:1' }), /^SMTP_URL: cannot connect/],
    [
      'a witness in a missing folder',
      () => ({ AUDIT_WITNESS: 'file:///nowhere/at/all/witness.jsonl' }),
      /^AUDIT_WITNESS: cannot write .+ENOENT.+Create/,
    ],
  ])('%s', async (_name, breakIt, message) => {
    const { bad, code } = await doctor(await breakIt());
    expect(bad.map((finding) => finding.message)).toContainEqual(expect.stringMatching(message));
    const hasProblem = bad.some(({ status }) => status === 'problem');
    expect(code).toBe(hasProblem ? 1 : 0);
  });
});

it('finds nothing wrong with a set-up that works, and sends a mail', async () => {
  await redis.run('SET', '{gatehouse}:mail-report', '{"status":"ok"}', 'EX', '60');
  onTestFinished(async () => void (await redis.run('DEL', '{gatehouse}:mail-report')));
  const own = { REDIS_URL: redis.url };
  const { code, bad, findings } = await doctor(own, '--mail-to ada@example.com');
  expect([code, bad]).toEqual([0, []]);
  expect(new Set(findings.map(({ part }) => part))).toEqual(
    new Set(['Settings', 'Machine', 'PostgreSQL', 'Redis', 'Mail']),
  );
  await app.eventually(() => app.mails.received.some(({ to }) => to === 'ada@example.com'));
});

it('reports a rejected test mail', async () => {
  app.mails.refuse = () => ({ code: 550, text: 'no such user' });
  onTestFinished(() => {
    app.mails.refuse = () => undefined;
  });
  const { code, bad } = await doctor({}, '--mail-to nobody@example.com');
  expect(code).toBe(1);
  const message = expect.stringContaining('rejected the recipient');
  expect(bad.filter(({ part }) => part === 'Mail')).toMatchObject([{ message }]);
});

it('lists the settings with their origins, and shows no secret', async () => {
  const databaseUrl = app.runtime.config.databaseUrl;
  const variables = { ...commandVariables(app), ...working(), OTP_TTL: 'x' };
  const { code, output } = await gatehouse(['config', 'check'], { variables });
  expect(code).toBe(1);
  expect(output).toMatch(/^SECRET_KEY +\(32 characters\) +environment$/m);
  expect(output).toMatch(/^DATABASE_URL +postgres.+:\*\*\*@/m);
  expect(output).toMatch(/^OTP_TTL: must be/m);
  expect(output).not.toContain(new URL(databaseUrl).password);
  expect(output).not.toContain(SECRET_KEY);
  expect(output).not.toMatch(/^LIMIT_LOGIN /m);
  const all = await gatehouse(['config', 'check', '--all'], {
    variables: { ...variables, OTP_TTL: '' },
  });
  expect(all.code).toBe(0);
  expect(all.output).toMatch(/^LIMIT_LOGIN +\d+\/\d+ +default$/m);
});
