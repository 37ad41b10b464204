import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { environmentVariables } from '#src/config/load-config.ts';
import { newDatabase } from './support/database.ts';
import { start } from './support/processes.ts';

/** Rules that every command of the service follows. */
const root = resolve(import.meta.dirname, '..');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const programs = Object.entries(scripts).flatMap(([name, line]) => {
  const [, program] = /\bnode ((?:dev|src|worker)\/\S+)$/.exec(line) ?? [];
  return program ? [[name, program] as const] : [];
});
const stores = programs.filter(([, program]) => /cli\/(?!generate|mail)/.test(program));
/** Arguments that make a command use the database. */
const usingDatabase: Record<string, string[]> = {
  'src/cli/keys.ts': ['list'],
  'src/cli/outbox.ts': ['list'],
  'src/cli/sessions.ts': ['end-all', '--yes'],
  'src/cli/createsuperuser.ts': ['--email', 'a@example.com'],
};

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-commands-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A command in an empty directory, with these variables only. */
function command(program: string, words: readonly string[], variables = {}) {
  const { PATH, LD_LIBRARY_PATH } = environmentVariables();
  const cache = join(root, 'node_modules/.cache/compile');
  const env = { PATH, LD_LIBRARY_PATH, NODE_COMPILE_CACHE: cache, ...variables };
  return start([process.execPath, join(root, program), ...words], { cwd: directory, env }).ended;
}

it('knows every command', () => {
  expect(programs.map(([name]) => name)).toEqual(
    expect.arrayContaining(['start', 'server', 'worker', 'migrate', 'createsuperuser', 'keys']),
  );
});

describe.each(programs)('npm run %s', (name, program) => {
  it('prints its help with --help, without any setting', async () => {
    const { code, output } = await command(program, ['--help']);
    const usage = name === 'start' ? 'Usage: npm start' : `Usage: npm run ${name}`;
    expect([code, output.startsWith(usage), output]).toEqual([0, true, expect.any(String)]);
  });

  it('refuses an unknown option with its usage and code 2', async () => {
    const { code, output } = await command(program, ['--no-such-option']);
    expect([code, output]).toEqual([2, expect.stringMatching(/^error: unknown .*\n\nUsage: /)]);
  });
});

it.each(stores)(
  'npm run %s says how to name a database if no service is running',
  async (...row) => {
    const [, program] = row;
    const { code, output } = await command(program, usingDatabase[program] ?? []);
    expect(code).toBe(1);
    expect(output).toMatch(/^DATABASE_URL must .*: run `npm start` first, or set DATABASE_URL\n$/);
  },
);

it.each(stores)('npm run %s says in one line why its database is out of reach', async (...row) => {
  const [, program] = row;
  const url = (change: Partial<URL>) => Object.assign(new URL(inject('postgresUrl')), change).href;
  const { host } = new URL(url({}));
  const cases = {
    [url({ password: 'wrong' })]: `${host} .*password`,
    [url({ pathname: '/nowhere' })]: `${host} .*"?nowhere"?`,
    [url({ port: '1' })]: '127\\.0\\.0\\.1:1 .*refused',
    [url({ hostname: 'nowhere.invalid' })]: 'nowhere\\.invalid:\\d+ .*host name',
  };
  for (const [DATABASE_URL, reason] of Object.entries(cases)) {
    const variables = {
      DATABASE_URL,
      NODE_ENV: 'development',
      SECRET_KEY: 'x',
      REDIS_URL: 'redis://[::1]:1',
    };
    const words = usingDatabase[program] ?? [];
    const { code, output } = await command(program, words, variables);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^DATABASE_URL: .*${reason}.*\\n$`)),
    ]);
  }
});

it('migrates once, and then says that there is nothing to do', async () => {
  const database = newDatabase();
  await database.create({ empty: true });
  try {
    const variables = { DATABASE_URL: database.url };
    const first = await command('src/cli/migrate.ts', [], variables);
    expect([first.code, first.output]).toEqual([0, expect.stringMatching(/^(migrated \S+\n)+$/)]);
    const second = await command('src/cli/migrate.ts', [], variables);
    expect(second).toEqual({ code: 0, output: 'nothing to do: the schema is up to date\n' });
  } finally {
    await database.drop();
  }
});
