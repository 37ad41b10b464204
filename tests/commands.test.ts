import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { environmentVariables } from '#src/config/load-config.ts';
import { gatehouse, start } from './support/command.ts';
import { newDatabase } from './support/database.ts';
import { machineVariables } from './support/machine-variables.ts';
import { gatehouseScript } from './support/managed-process.ts';

/** Rules that every command follows. */
const root = resolve(import.meta.dirname, '..');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const names = Object.entries(scripts).flatMap(([name, line]) =>
  line === `exec sh bin/gatehouse ${name}` ? [name] : [],
);
/** Arguments that make a command use the database. */
const usingDatabase = {
  migrate: [],
  keys: ['list'],
  outbox: ['list'],
  sessions: ['end-all', '--yes'],
  users: ['list'],
  createsuperuser: ['--email', 'a@example.com'],
  import: ['jsonl', '--from', 'users.jsonl'],
  export: ['users'],
};
const databaseCommands = Object.entries(usingDatabase).map(([name, words]) => [name, ...words]);

it('offers every command as an npm script, and lists it in the help', async () => {
  const { code, output } = await gatehouse(['--help']);
  const listed = [...output.matchAll(/^ {2}([a-z]+) +[A-Z]/gm)].map(([, name]) => name);
  expect([code, listed]).toEqual([0, expect.arrayContaining(names)]);
  expect(names).toEqual(
    expect.arrayContaining(['start', 'server', 'worker', ...Object.keys(usingDatabase)]),
  );
  expect(listed.filter((name) => name && !names.includes(name))).toEqual([]);
});

it('runs from any directory, through a link as npm makes it', () => {
  const { PATH } = environmentVariables();
  const options = { cwd: '/', env: { PATH }, encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync(join(root, 'bin/gatehouse'), ['keys', '--help'], options);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: gatehouse keys /)]);
});

it('ends quietly when the reader, such as `head`, wants no more', () => {
  const { PATH } = environmentVariables();
  const env = {
    ...{ PATH, NODE_ENV: 'development', SECRET_KEY: 'k'.repeat(40) },
    ...{ DATABASE_URL: 'postgres://a:b@localhost/c', REDIS_URL: 'redis://localhost' },
  };
  const line = '{ "$0" config check; echo "code $?" >&2; } | true';
  const options = { cwd: tmpdir(), env, encoding: 'utf8' } as const;
  const { stderr } = spawnSync('sh', ['-c', line, join(root, 'bin/gatehouse')], options);
  expect(stderr).toBe('code 0\n');
});

describe.each(names)('gatehouse %s', (name) => {
  it('prints its help and the exit codes with --help, without any setting', async () => {
    const { code, output } = await gatehouse([name, '--help']);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^Usage: gatehouse \w+ .+\n\nExit codes: .+\n$/s),
    ]);
    expect(await gatehouse(['help', name])).toEqual({ code, output });
  });

  it('rejects an unknown option with its usage and code 2', async () => {
    const { code, output } = await gatehouse([name, '--no-such-option']);
    expect([code, output]).toEqual([2, expect.stringMatching(/^error: unknown .*\n\nUsage: /)]);
  });
});

it.each(databaseCommands)('%s exits by itself after a failed connection', async (...words) => {
  const env = {
    ...machineVariables(),
    NODE_ENV: 'development',
    SECRET_KEY: 'x',
    REDIS_URL: inject('redisUrl'),
    DATABASE_URL: 'postgres://a@127.0.0.1:1/b',
  };
  const command = [process.execPath, gatehouseScript, ...words];
  const { code, output } = await start(command, { cwd: tmpdir(), env }).ended;
  expect([code, output]).toEqual([1, expect.stringMatching(/^DATABASE_URL: .+\n$/)]);
});

it.each([['no-such-command'], []])('rejects %j with its usage and code 2', async (...words) => {
  const { code, output } = await gatehouse(words);
  expect([code, output]).toEqual([2, expect.stringContaining('Usage: gatehouse ')]);
});

it.each(databaseCommands)(
  '%s requires DATABASE_URL if no `npm start` is running',
  async (...words) => {
    const { code, output } = await gatehouse(words);
    expect(code).toBe(1);
    expect(output).toMatch(
      /^DATABASE_URL: not set, .* Set DATABASE_URL, or run `npm start` first\.\n$/,
    );
  },
);

it.each(databaseCommands)(
  '%s reports in one line why it cannot connect to the database',
  async (...words) => {
    const url = (change: Partial<URL>) =>
      Object.assign(new URL(inject('postgresUrl')), change).href;
    const { host } = new URL(url({}));
    const cases = {
      [url({ password: 'wrong' })]: `${host} .*password`,
      [url({ pathname: '/nowhere' })]: `${host} .*"?nowhere"?`,
      [url({ port: '1' })]: '127\\.0\\.0\\.1:1 .*refused',
      [url({ hostname: 'nowhere.invalid' })]: 'nowhere\\.invalid:\\d+ .*host name',
    };
    for (const [DATABASE_URL, reason] of Object.entries(cases)) {
      const fixed = { NODE_ENV: 'development', SECRET_KEY: 'x', REDIS_URL: 'redis://[::1]:1' };
      const { code, output } = await gatehouse(words, { variables: { ...fixed, DATABASE_URL } });
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(new RegExp(`^DATABASE_URL: .*${reason}.*\\n$`)),
      ]);
    }
  },
);

it.each(databaseCommands.filter(([name]) => name !== 'migrate'))(
  '%s says how to create the tables if the database has none',
  async (...words) => {
    const database = newDatabase();
    await database.create({ empty: true });
    try {
      const fixed = { NODE_ENV: 'development', SECRET_KEY: 'x', REDIS_URL: 'redis://[::1]:1' };
      const variables = { ...fixed, DATABASE_URL: database.url };
      const { code, output } = await gatehouse(words, { variables });
      const { host } = new URL(database.url);
      const reason = '(the database has no tables yet). Run `npx gatehouse migrate` first.';
      expect([code, output]).toEqual([1, `DATABASE_URL: cannot use ${host} ${reason}\n`]);
    } finally {
      await database.drop();
    }
  },
);

it('migrates once, and then reports that there is nothing to do', async () => {
  const database = newDatabase();
  await database.create({ empty: true });
  try {
    const variables = { DATABASE_URL: database.url };
    const first = await gatehouse(['migrate'], { variables });
    expect([first.code, first.output]).toEqual([0, expect.stringMatching(/^(migrated \S+\n)+$/)]);
    const second = await gatehouse(['migrate'], { variables });
    expect(second).toEqual({ code: 0, output: 'The database schema is up to date.\n' });
    const { output } = await gatehouse(['migrate', '--json'], { variables });
    expect(JSON.parse(output)).toEqual({ migrated: [] });
  } finally {
    await database.drop();
  }
});
