import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { TestApp } from '../support/app.ts';
import { type Program, start } from '../support/command.ts';
import { runDjango, skipsDjango } from '../support/django.ts';
import { PASSWORD, Person } from '../support/flow.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type OwnRedis, startOwnRedis } from '../support/own-redis.ts';
import { request } from '../support/request.ts';

/** An hour of an operator: the commands are read from the guides. */
const root = resolve(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-hour-'));
/** PostgreSQL of the system, because the one from npm has no `pg_dump`. */
const [dump = ''] = globSync('/usr/lib/postgresql/*/bin/pg_dump');
const binaries = dirname(dump);
const hasPostgres = globSync(join(binaries, 'initdb')).length > 0;
const isRequired = environmentVariables().REQUIRE_POSTGRESQL === 'true';

/** Returns a command of a document under `docs/`, from a block or from backticks. */
function commandIn(file: string, beginning: string): string {
  const text = readFileSync(join(root, 'docs', file), 'utf8');
  const written = [...text.matchAll(/^```sh\n(.*?)^```|`([^`\n]+)`/gms)];
  const lines = written.flatMap(([, block, inline]) => block?.split('\n') ?? [inline ?? '']);
  const line = lines.find((each) => each.startsWith(beginning));
  if (!line) throw new Error(`${file} has no command ${beginning}`);
  return line;
}

const USERS = 10_000;
/** Every kind of hash that Django writes; the first users have one each. */
const fixture = `
from django.core.management import call_command
from django.contrib.auth.models import User
from django.contrib.auth.hashers import make_password
from datetime import datetime, timezone
import hashlib, base64
call_command('migrate', verbosity=0)
kinds = ('pbkdf2_sha256', 'pbkdf2_sha1', 'argon2', 'bcrypt_sha256', 'bcrypt')
hashes = [make_password(given['password'], hasher=kind) for kind in kinds]
scrypt = hashlib.scrypt(given['password'].encode(), salt=b'salt', n=16384, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=64)
hashes += ['scrypt$16384$salt$8$1$' + base64.b64encode(scrypt).decode(), make_password(None)]
User.objects.bulk_create([
    User(username=str(n), email='user%d@example.com' % n, password=hashes[n % len(hashes)],
        date_joined=datetime(2021, 5, 4, tzinfo=timezone.utc))
    for n in range(given['users'])])
User.objects.filter(username='1').update(email='ada@example.com')
print(json.dumps(len(hashes)))
`;

const app = new TestApp({});
let redis: OwnRedis;
let variables: Record<string, string> = {};

describe.skipIf((skipsDjango || !hasPostgres) && !isRequired)('an operator', () => {
  beforeAll(async () => {
    mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
    symlinkSync(join(root, 'bin/gatehouse'), join(directory, 'node_modules/.bin/gatehouse'));
    await chmod(directory, 0o777);
    app.mails = await startMailServer();
    redis = await startOwnRedis();
    const port = await startPostgres();
    const api = await freePort();
    app.url = `http://127.0.0.1:${api}`;
    const { PATH = '', HOME = '' } = environmentVariables();
    variables = {
      PATH: `${binaries}:${PATH}`,
      HOME,
      NODE_ENV: 'production',
      PORT: String(api),
      HOST: '127.0.0.1',
      WEB_CONCURRENCY: '1',
      DATABASE_URL: `postgres://operator@127.0.0.1:${port}/gatehouse`,
      REDIS_URL: redis.url,
      SECRET_KEY: 'Zk5y3nVQ2oXwE7dHcUaLfs9GpKiM4rBhYTnR8bq1mJ0',
      SMTP_URL: app.mails.url,
      MAIL_FROM: 'no-reply@example.com',
      PUBLIC_URL: 'https://auth.example.com',
      ALLOWED_HOSTS: '*',
      AUDIT_WITNESS: `file://${directory}/witness.jsonl`,
    };
    await run(`createdb --maintenance-db="$ADMIN_URL" gatehouse`, {
      ADMIN_URL: variables.DATABASE_URL?.replace(/gatehouse$/, 'postgres') ?? '',
    });
  }, 60_000);

  afterAll(async () => {
    await asPostgres('pg_ctl', '-m', 'immediate', 'stop').catch(() => undefined);
    await Promise.all([redis?.close(), app.mails?.close()]);
    rmSync(directory, { recursive: true, force: true });
  });

  it('imports users, disables one, rotates keys, proves the log, and survives the loss of the database', {
    timeout: 180_000,
  }, async () => {
    const input = { password: PASSWORD, users: USERS };
    expect(runDjango(fixture, input, join(directory, 'db.sqlite3'))).toBe(7);
    await run('npx gatehouse migrate');
    let services = await startServices();

    const [tried, imported] = [
      commandIn('guide/move-users.md', 'npx gatehouse import django --from db.sqlite3 --dry-run'),
      commandIn('guide/move-users.md', 'npx gatehouse import django --from db.sqlite3'),
    ];
    expect(await run(tried)).toContain(`${USERS} to be imported`);
    await run(imported.replace(/ --dry-run$/, ''));
    const [ada, ben] = [personOf('ada@example.com'), personOf('user2@example.com')];
    await signIn(ada);
    const { refreshToken } = await signIn(ben);

    await run(commandIn('guide/administer.md', 'npx gatehouse users disable ada@example.com'));
    expect((await ada.login()).code ?? 'neutral').not.toBe('INTERNAL_ERROR');
    await run(commandIn('operate/rotate-keys.md', 'npx gatehouse keys rotate'));
    expect(await run('npx gatehouse doctor')).not.toMatch(/^problem/m);

    // Otherwise the next seal may be a minute away.
    await run('psql "$DATABASE_URL" --command "update scheduled_work set due_at = now()"');
    await eventually('npx gatehouse audit verify', /Waiting for a seal: 0\b/);
    await run(commandIn('operate/audit-log.md', 'npx gatehouse audit export --from 2026-11-01'));
    expect(readFileSync(join(directory, 'events.jsonl'), 'utf8')).toContain('"USER_DISABLED"');
    const prune = commandIn('operate/audit-log.md', 'npx gatehouse audit prune --before');
    await run(`${prune} --yes`);
    await run(commandIn('operate/restore.md', 'pg_dump'));
    const child = (await ben.refresh(refreshToken)).data?.refreshTokens.refreshToken ?? '';

    await stop(services);
    await run('psql "$DATABASE_URL" --command "drop schema public cascade; create schema public"');
    for (const step of ['pg_restore', 'npx gatehouse migrate', 'npx gatehouse sessions end-all']) {
      await run(commandIn('operate/restore.md', step));
    }
    await redis.run('FLUSHDB');
    services = await startServices();
    expect(await run('npx gatehouse audit verify')).toContain('Events as they were sealed');
    expect((await ben.refresh(child)).code).toBe('INVALID_TOKEN');
    await signIn(ben);
    expect(ben.mails().join('')).not.toContain('We signed out one of your');
    expect(await run('npx gatehouse users list --status DISABLED --json')).toContain(
      'ada@example.com',
    );
    await stop(services);
  });
});

/** Runs a program of PostgreSQL, which refuses to work as root. */
function asPostgres(program: string, ...args: string[]) {
  const command = [join(binaries, program), '-D', join(directory, 'data'), ...args];
  const [file = '', ...rest] =
    process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', ...command] : command;
  return execa(file, rest, { cwd: directory, stdio: 'ignore' });
}

/** Starts a PostgreSQL without a password, on a free port. @returns the port */
async function startPostgres(): Promise<number> {
  await asPostgres('initdb', '--username=operator', '--auth=trust', '--no-sync');
  const port = await freePort();
  const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  await asPostgres('pg_ctl', '-w', '-l', join(directory, 'data/log'), '-o', settings, 'start');
  return port;
}

/** Runs a command of a guide. @returns its output @throws if it fails */
async function run(line: string, more: Record<string, string> = {}): Promise<string> {
  const env = { ...variables, ...more };
  const { code, output } = await start(['sh', '-c', line], { cwd: directory, env }).ended;
  if (code !== 0) throw new Error(`${line}: ${code}\n${output}`);
  return output;
}

const eventually = (line: string, pattern: RegExp) =>
  vi.waitFor(async () => expect(await run(line)).toMatch(pattern), {
    timeout: 90_000,
    interval: 5000,
  });

async function startServices(): Promise<Program[]> {
  const services = ['server', 'worker'].map((name) =>
    start([join(root, 'bin/gatehouse'), name], { cwd: directory, env: variables }),
  );
  const ready = async () => expect((await request(`${app.url}/readyz`)).status).toBe(200);
  await vi.waitFor(ready, { timeout: 30_000 });
  return services;
}

async function stop(services: readonly Program[]): Promise<void> {
  for (const service of services) service.signal('SIGTERM');
  await Promise.all(services.map(({ ended }) => ended));
}

const personOf = (email: string) => new Person(app, email);

/** Signs in with the password and the mailed code. */
async function signIn(person: Person) {
  const before = person.codes().length;
  const { data } = await person.login();
  const code = await person.code(before + 1);
  const signedIn = await person.verifyOtp(code, data?.login.challengeId);
  if (!signedIn.data) throw new Error(`${person.email} cannot sign in: ${String(signedIn.code)}`);
  return signedIn.data.verifyOtp;
}
