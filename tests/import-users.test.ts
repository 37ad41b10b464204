import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openMigrationOrm } from '#src/db/orm.ts';
import { useApp } from './support/app.ts';
import { command, commandVariables, start } from './support/command.ts';
import { newDatabase } from './support/database.ts';
import { runDjango, skipsDjango } from './support/django.ts';
import { createDjangoDatabase, type DjangoEvent, type DjangoUser } from './support/django-users.ts';
import { blocksOf } from './support/documents.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { machineVariables } from './support/machine-variables.ts';
import { gatehouseScript } from './support/managed-process.ts';

const app = useApp();
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const joined = '2021-05-04T10:20:30.123456+00:00';
const later = '2023-01-02T03:04:05+00:00';
const tooCostly = `pbkdf2_sha256$2000001$salt$${'A'.repeat(43)}=`;

const users: readonly DjangoUser[] = [
  {
    ...{ email: 'Ada@Example.com', password: PASSWORD, first_name: 'Ada', last_name: 'Lovelace' },
    ...{ date_joined: joined, last_login: later },
  },
  // The replaced service took these for another address.
  { email: 'ada@example.com', password: 'not-hers-81', date_joined: later },
  { email: 'ben@example.com', password: PASSWORD, hasher: 'bcrypt_sha256', date_joined: joined },
  { email: 'ben+shop@example.com', date_joined: joined },
  { email: 'dora@example.com', password: PASSWORD, is_active: false, date_joined: joined },
  { email: 'root@example.com', password: PASSWORD, is_staff: true, date_joined: joined },
  { email: 'costly@example.com', hash: tooCostly, date_joined: joined },
  { email: 'not an address', date_joined: joined },
  { email: 'taken@example.com', password: 'not-theirs-81', date_joined: joined },
  { email: 'registered@example.com', date_joined: joined },
];

const events: readonly DjangoEvent[] = [
  [
    'OTP_VERIFIED',
    'Ada@Example.com',
    '192.0.2.7',
    'Firefox',
    '{"a": 1}',
    '2023-02-03 04:05:06.789',
  ],
  ['OTP_FAILED', 'ada@example.com', 'evil', '', '{}', '2023-02-03 04:05:07'],
  ['OTP_REQUESTED', 'nobody@example.com', '', '', '{}', '2023-02-03 04:05:08'],
  ['UNKNOWN', 'ada@example.com', '', '', '{}', '2023-02-03 04:05:09'],
];

const run = (words: string) => command(app, 'import', words);

/** Everything that an import may change. */
const state = () =>
  app.sql(
    `select 'account' as kind, to_jsonb(a) as row from accounts a
     union all select 'mapping', to_jsonb(m) from imported_accounts m
     union all select 'event', to_jsonb(e) from audit_events e where event <> 'USER_CREATED'
     order by 1, 2`,
  );

const accountOf = async (email: string) => {
  const [row] = await app.sql<Record<string, unknown>>(
    `select a.*, m.external_id, m.source from accounts a
     left join imported_accounts m on m.account_id = a.id where email = ?`,
    [email],
  );
  return row;
};

describe.skipIf(skipsDjango)('from Django', () => {
  const sqlite = join(directory, 'db.sqlite3');
  const csv = join(directory, 'users.csv');
  let rows: Record<string, unknown>[] = [];

  beforeAll(async () => {
    rows = createDjangoDatabase(sqlite, users, events);
    const names = Object.keys(rows[0] ?? {});
    const cell = (value: unknown) =>
      value === null ? '' : `"${`${value as string}`.replaceAll('"', '""')}"`;
    const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
    writeFileSync(csv, lines.map((line) => line.join(',')).join('\r\n'));
    await new Person(app, 'taken@example.com').signUp();
    await new Person(app, 'registered@example.com').register();
    await app.auditWritten();
  });

  it('says what it would change, and changes nothing with --dry-run', async () => {
    const before = await state();
    const { code, output } = await run(`django --from ${sqlite} --dry-run`);
    expect([code, output]).toEqual([
      0,
      `Users: 10 read
  6 to be imported
  1 disabled
  1 skipped: invalid
    row 8: email: Enter a valid email address.
  1 skipped: the address of another row, whose account is older
    row 2: ada@example.com
  1 skipped: the address has an account
    row 9: taken@example.com
  1 skipped: somebody registered the address, and has a week to verify it
    row 10: registered@example.com
  1 without their password
    row 7: costly@example.com: the password hash costs more than the cap
  1 become ADMIN
    row 6: root@example.com
  2 share a mailbox with another one (\`+tag\`, or dots at Gmail)
    row 3: ben@example.com
    row 4: ben+shop@example.com
Audit events: 4 read
  1 skipped: invalid
    row 4: event: Not an event of Gatehouse.
Dry run: nothing was changed.
`,
    ]);
    expect(await state()).toEqual(before);
  });

  it('reads the same users from SQLite, CSV and PostgreSQL', async () => {
    const database = newDatabase();
    await database.create({ empty: true });
    onTestFinished(() => database.drop());
    const orm = await openMigrationOrm(database.url);
    await orm.em.fork().execute(
      `create table members (id int primary key, email text, password text, first_name text,
       last_name text, is_active boolean, is_staff boolean, date_joined timestamptz, last_login timestamptz)`,
    );
    for (const row of rows) {
      await orm.em
        .fork()
        .execute(`insert into members select * from json_populate_record(null::members, ?)`, [
          JSON.stringify({
            ...row,
            is_active: Boolean(row.is_active),
            is_staff: Boolean(row.is_staff),
          }),
        ]);
    }
    await orm.close(true);
    const plans = [];
    for (const from of [sqlite, csv, database.url]) {
      const { output } = await run(`django --from ${from} --dry-run --json`);
      plans.push(
        JSON.stringify(JSON.parse(output).plan.users).replaceAll(/(row|line) \d+/g, 'place'),
      );
    }
    expect(plans[1]).toBe(plans[0]);
    expect(plans[2]).toBe(plans[0]);
  });

  it('imports each user once, never overwrites, and keeps ids, names, dates and flags', async () => {
    const first = await run(`django --from ${sqlite}`);
    expect(first.output).toContain('Created 6 accounts, added 3 audit events.');
    await app.auditWritten();

    expect(await accountOf('ada@example.com')).toMatchObject({
      ...{ first_name: 'Ada', last_name: 'Lovelace', role: 'USER', disabled_at: null },
      ...{ source: 'django', external_id: '1', email_verified_at: expect.anything() },
      password_hash: expect.stringMatching(/^pbkdf2_sha256\$/),
    });
    const { created_at, last_login_at } = (await accountOf('ada@example.com')) ?? {};
    expect(new Date(String(created_at)).toISOString()).toBe('2021-05-04T10:20:30.123Z');
    expect(new Date(String(last_login_at)).toISOString()).toBe('2023-01-02T03:04:05.000Z');
    expect(await accountOf('root@example.com')).toMatchObject({ role: 'ADMIN' });
    expect(await accountOf('dora@example.com')).toMatchObject({ disabled_at: expect.anything() });
    expect(await accountOf('costly@example.com')).toMatchObject({ password_hash: null });
    expect(await accountOf('taken@example.com')).toMatchObject({ external_id: null });

    const ada = new Person(app, 'ada@example.com');
    expect((await ada.login('not-hers-81')).code).toBe('INVALID_CREDENTIALS');
    expect((await ada.login()).code).toBeUndefined();
    expect((await ada.verifyOtp(await ada.code())).data?.verifyOtp.user).toMatchObject({
      firstName: 'Ada',
      createdAt: '2021-05-04T10:20:30.123Z',
    });
    const dora = new Person(app, 'dora@example.com');
    expect((await dora.login()).code).toBe('INVALID_CREDENTIALS');
    await app.auditWritten();

    const after = await state();
    const { output } = await run(`django --from ${sqlite}`);
    expect(output).toContain('  6 already imported\n');
    expect(output).toContain('Created 0 accounts, added 0 audit events.');
    expect(await state()).toEqual(after);
  });

  it('records who was imported, and adds the audit log of the replaced service', async () => {
    const created = await app.sql<{ email: string; metadata: unknown }>(
      "select email, metadata from audit_events where event = 'USER_CREATED' order by email",
    );
    expect(created).toHaveLength(6);
    expect(created[0]).toEqual({
      email: 'ada@example.com',
      metadata: { by: 'import', source: 'django' },
    });
    const old = await app.sql<Record<string, unknown>>(
      `select event, e.email, ip_address, e.metadata, a.email as of_account
       from audit_events e left join accounts a on a.id = e.account_id
       where e.metadata->>'source' = 'django' and event <> 'USER_CREATED' order by e.id`,
    );
    expect(old).toEqual([
      {
        ...{ event: 'OTP_VERIFIED', email: 'ada@example.com', ip_address: '192.0.2.7' },
        ...{ metadata: { a: 1, source: 'django' }, of_account: 'ada@example.com' },
      },
      {
        ...{ event: 'OTP_FAILED', email: 'ada@example.com', ip_address: '' },
        ...{ metadata: { source: 'django', claimedIp: 'evil' }, of_account: 'ada@example.com' },
      },
      {
        ...{ event: 'OTP_REQUESTED', email: 'nobody@example.com', ip_address: '' },
        ...{ metadata: { source: 'django' }, of_account: null },
      },
    ]);
  });

  it('shows users their imported events', async () => {
    const { accessToken } = await new Person(app, 'ada@example.com').signIn();
    const query = '{ auditLogs(first: 50) { edges { node { event ipAddress } } } }';
    const { data } = await app.graphql(query, {}, { token: accessToken });
    const shown = JSON.stringify(data);
    expect(shown).toContain('{"event":"OTP_VERIFIED","ipAddress":"192.0.2.7"}');
    expect(shown).toContain('{"event":"OTP_FAILED","ipAddress":""}');
  });

  it('exports hashes that Django verifies: its own, and those that replaced them', async () => {
    const { output } = await command(app, 'export', 'users');
    const exported = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const hashOf = (name: string): string =>
      exported.find(({ email }) => email === `${name}@example.com`).password_hash;
    const [own, replaced] = [hashOf('root'), `argon2${hashOf('ada')}`];
    expect([own, replaced]).toEqual([
      expect.stringMatching(/^pbkdf2_sha256\$/),
      expect.stringMatching(/^argon2\$argon2id\$/),
    ]);
    const check = `from django.contrib.auth.hashers import check_password
print(json.dumps([check_password(p, h) for h in given['hashes'] for p in given['passwords']]))`;
    const given = { hashes: [own, replaced], passwords: [PASSWORD, 'not-the-password'] };
    expect(runDjango(check, given)).toEqual([true, false, true, false]);
  });

  it('does not bring a deleted account back', async () => {
    await app.sql("delete from accounts where email = 'ben@example.com'");
    const { output } = await run(`django --from ${sqlite}`);
    expect(output).toContain('  1 skipped: imported before, and deleted since\n');
    expect(await accountOf('ben@example.com')).toBeUndefined();
  });

  it('runs the commands of the guide as written there', async () => {
    const lines = blocksOf('docs/guide/move-users.md')
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => code.split('\n'))
      .filter((line) => line.startsWith('npx gatehouse '));
    expect(lines.length).toBeGreaterThan(3);
    writeFileSync(join(directory, 'users.jsonl'), '{"email": "guide@example.com"}\n');
    for (const line of lines) {
      const [name = '', ...words] = line.replace(/ > .*/, '').split(' ').slice(2);
      const files = words.map((word) => (/^\w+\.\w+$/.test(word) ? join(directory, word) : word));
      const { code, output } = await command(app, name as 'import', files.join(' '));
      expect([line, code, output]).toEqual([line, 0, expect.any(String)]);
    }
  });
});

it('imports as USER with --no-admins', async () => {
  const file = join(directory, 'admins.jsonl');
  writeFileSync(file, '{"email": "chief@example.com", "role": "ADMIN"}\n');
  await run(`jsonl --from ${file} --no-admins`);
  expect(await accountOf('chief@example.com')).toMatchObject({ role: 'USER' });
});

const files: Readonly<Record<string, readonly [text: string | Buffer, problem: string]>> = {
  'broken.jsonl': [
    '{"email": "a@example.com"}\n{"email": tru}\n',
    'line 2, column 14: not valid JSON.',
  ],
  'comma.jsonl': ['{"email": "a@example.com",}\n', 'line 1, column 27: not valid JSON.'],
  'list.jsonl': ['\n\n["a@example.com"]\n', 'line 3, column 1: not a JSON object.'],
  'bytes.jsonl': [Buffer.from([0x7b, 0xff, 0x7d]), 'is not UTF-8. Convert it first.'],
  'short.csv': ['id,email\n1,a@example.com\n2\n', 'line 3, column'],
  'quote.csv': ['id,email\n1,"a@example.com\n', 'not valid CSV (quote not closed).'],
  'text.sqlite3': [
    'This is no database, although its name says so.',
    'cannot read the SQLite file',
  ],
};

it.each(Object.entries(files))(
  'names the place in %s, and changes nothing',
  async (name, [text, problem]) => {
    const file = join(directory, name);
    writeFileSync(file, text);
    const before = await state();
    const { code, output } = await run(
      `${name.endsWith('jsonl') ? 'jsonl' : 'django'} --from ${file}`,
    );
    expect([code, output]).toEqual([1, expect.stringContaining(`${file}: `)]);
    expect(output).toContain(problem);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(await state()).toEqual(before);
  },
);

it.each([
  ['{"email": "a@example.com", "passwordHash": "x"}', 'unknown field passwordHash'],
  ['{"email": "ä@example.com"}', 'email: Enter a valid email address.'],
  ['{"email": "a@example.com", "first_name": "\\u0000"}', 'first_name: This name contains'],
  ['{"email": "a@example.com", "created_at": "2999-01-01T00:00:00Z"}', 'created_at: Before 1970'],
  ['{"email": "a@example.com", "created_at": "yesterday"}', 'created_at: Not a time'],
  ['{"email": "a@example.com", "role": "ROOT"}', 'role: '],
  [`{"email": "a@example.com", "metadata": {"a": "${'x'.repeat(4096)}"}}`, 'metadata: Longer than'],
  ['{"email": "a@example.com", "metadata": {"a": "\\u0000"}}', 'metadata: Longer than 4 kB, or'],
  ['{"email": "a@example.com", "id": "\\ud800"}', 'id: Contains invalid characters.'],
  ['{"email": "a@example.com", "email_verified_at": null}', 'the address was never verified'],
])('skips a user that it cannot import, and says why: %s', async (line, problem) => {
  const file = join(directory, 'one.jsonl');
  writeFileSync(file, `\n${line}\n`);
  const { code, output } = await run(`jsonl --from ${file}`);
  expect([code, output]).toEqual([0, expect.stringContaining('Created 0 accounts')]);
  expect(output).toMatch(new RegExp(`skipped.*\\n    line 2: |skipped: ${problem}`));
  expect(output).toContain(problem);
});

it('exports what another installation imports: both then export the same', async () => {
  const rich = join(directory, 'rich.jsonl');
  writeFileSync(
    rich,
    '{"email": "rich@example.com", "disabled_at": "2024-01-02T03:04:05Z", "metadata": {"plan": ["a\\tb\\\\"]}}\n',
  );
  await run(`jsonl --from ${rich}`);
  const exported = await command(app, 'export', 'users');
  expect(exported.output).toContain('"metadata":{"plan":["a\\tb\\\\"]}');
  const users = exported.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(users.length).toBeGreaterThan(1);
  const file = join(directory, 'exported.jsonl');
  writeFileSync(file, exported.output);
  const database = newDatabase();
  await database.create();
  onTestFinished(() => database.drop());
  const variables = { DATABASE_URL: database.url };
  const imported = await command(app, 'import', `jsonl --from ${file}`, { variables });
  expect(imported.output).toContain(`Created ${users.length} accounts`);
  expect(await command(app, 'export', 'users', { variables })).toEqual(exported);
});

it('lets one import run at a time', async () => {
  const file = join(directory, 'lock.jsonl');
  writeFileSync(file, '{"email": "lock@example.com"}\n');
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute("select pg_advisory_xact_lock(hashtext('gatehouse-importer'))");
    const { code, output } = await run(`jsonl --from ${file}`);
    expect([code, output]).toEqual([1, 'Another import is running. Wait until it has ended.\n']);
  });
});

it('completes after it was killed in the middle, with one audit event for each account', async () => {
  const size = 12_000;
  const file = join(directory, 'many.jsonl');
  const lines = Array.from(
    { length: size },
    (_, index) => `{"email": "many-${index}@example.com"}\n`,
  );
  writeFileSync(file, lines.join(''));
  const count = async () => {
    const select = "select count(*)::int as n from accounts where email like 'many-%'";
    const [row] = await app.sql<{ n: number }>(select);
    return row?.n ?? 0;
  };
  const program = start([process.execPath, gatehouseScript, 'import', 'jsonl', '--from', file], {
    cwd: directory,
    env: { ...machineVariables(), ...commandVariables(app) },
  });
  await app.eventually(async () => (await count()) > 0, 30);
  program.signal('SIGKILL');
  expect((await program.ended).code).not.toBe(0);
  expect(await count()).toBeLessThan(size);

  await app.eventually(async () => (await run(`jsonl --from ${file}`)).code === 0, 20);
  expect(await count()).toBe(size);
  await app.auditWritten();
  const [row] = await app.sql<{ n: number }>(
    `select count(distinct account_id)::int as n, count(*)::int as rows from audit_events
     where event = 'USER_CREATED' and email like 'many-%'`,
  );
  expect(row).toEqual({ n: size, rows: size });
}, 60_000);
