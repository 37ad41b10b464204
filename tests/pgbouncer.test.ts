import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { openMigrationOrm, openOrm } from '#src/db/orm.ts';
import { createSql } from '#src/db/prepared-sql.ts';
import { migrate } from '#src/db/run-migrations.ts';
import type { Statement } from '#src/ports/sql.ts';
import { gatehouse } from './support/command.ts';
import { newDatabase } from './support/database.ts';

const port = await freePort();
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-pgbouncer-'));
const isInstalled = (() => {
  try {
    return execFileSync('pgbouncer', ['--version'], { encoding: 'utf8' }).includes('PgBouncer');
  } catch {
    return false;
  }
})();
const isRequired = environmentVariables().REQUIRE_PGBOUNCER === 'true';

/** Debian's PgBouncer with nothing but transaction pooling set. */
describe.skipIf(!isInstalled && !isRequired)('through a plain PgBouncer', () => {
  // Not the template of other databases: PgBouncer keeps connections open.
  const database = newDatabase();
  const direct = new URL(database.url);
  const url = Object.assign(new URL(direct), { port: String(port) }).href;
  let pooler: ReturnType<typeof spawn> | undefined;

  beforeAll(async () => {
    await database.create();
    const { username, password, host } = direct;
    const file = join(directory, 'pgbouncer.ini');
    writeFileSync(join(directory, 'users'), `"${username}" "${decodeURIComponent(password)}"\n`);
    writeFileSync(
      file,
      `[databases]\n* = host=${host.split(':')[0]} port=${direct.port}\n[pgbouncer]\n` +
        `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\n` +
        `auth_type = scram-sha-256\nauth_file = ${join(directory, 'users')}\npool_mode = transaction\n`,
    );
    const { uid: own } = statSync(directory);
    const isRoot = own === 0;
    // PgBouncer refuses to run as root.
    const nobody = 65_534;
    if (isRoot) {
      for (const path of [directory, file, join(directory, 'users')])
        chownSync(path, nobody, nobody);
    }
    const ids = isRoot ? { uid: nobody, gid: nobody } : {};
    pooler = spawn('pgbouncer', [file], { stdio: 'ignore', ...ids });
    await vi.waitUntil(answers, { timeout: 5000 });
  });
  afterAll(async () => {
    pooler?.kill('SIGKILL');
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('migrates, and keeps its timeouts in and outside of transactions', async () => {
    const migration = await openMigrationOrm(url);
    expect(await migrate(migration)).toEqual([]);
    await migration.close(true);

    const orm = await openOrm(url, 'pgbouncer');
    const em = orm.em.fork();
    expect(await em.execute('show statement_timeout')).toEqual([{ statement_timeout: '1200ms' }]);
    await em.transactional(async (tx) => {
      expect(await tx.execute('show statement_timeout')).toEqual([{ statement_timeout: '1200ms' }]);
      expect(await tx.execute('show idle_in_transaction_session_timeout')).toEqual([
        { idle_in_transaction_session_timeout: '10s' },
      ]);
    });
    await orm.close(true);
  });

  it('prepares no names, and keeps its timeouts around statements with values', async () => {
    const orm = await openOrm(url, 'pgbouncer');
    const { sql, inTransaction } = createSql(orm);
    const limit: Statement<{ limit: string; prepared: string; value: number }> = {
      name: 'limit',
      text: `select current_setting('statement_timeout') as limit, $1::int as value,
        (select count(*) from pg_prepared_statements where name <> '') as prepared`,
    };
    const expected = [{ limit: '1200ms', value: 7, prepared: '0' }];
    const asked = Array.from({ length: 30 }, (_, index) =>
      index % 2 ? sql.query(limit, [7]) : inTransaction((tx) => tx.query(limit, [7])),
    );
    for (const rows of await Promise.all(asked)) expect(rows).toEqual(expected);
    const fails = { name: 'fails', text: 'select 1 / $1::int' };
    await expect(sql.query(fails, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await sql.query(limit, [7])).toEqual(expected);
    await orm.close(true);
  });

  it('refuses to import users, whose temporary tables would be lost', async () => {
    const words = ['import', 'jsonl', '--from', join(directory, 'users')];
    const variables = { DATABASE_URL: url, SECRET_KEY: 'a secret of this test, 32 characters' };
    const { code, output } = await gatehouse(words, { variables });
    expect([code, output]).toEqual([1, expect.stringMatching(/^DATABASE_URL: leads to a pooler/)]);
  });

  it('runs many transactions at once, and counts the rows of a statement', async () => {
    const orm = await openOrm(url, 'pgbouncer');
    const counts = await Promise.all(
      Array.from({ length: 30 }, () =>
        orm.em.fork().transactional(async (tx) => {
          const { affectedRows } = await tx.execute<{ affectedRows: number }>(
            'delete from accounts where false',
            [],
            'run',
          );
          return affectedRows;
        }),
      ),
    );
    expect(new Set(counts)).toEqual(new Set([0]));
    await orm.close(true);
  });
});

const answers = () =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
