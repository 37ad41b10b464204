import * as fs from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, lastLine, runCommand } from '../run-command.ts';
import { findBinaries, POSTGRES_ENVIRONMENT } from './binaries.ts';
import { readIfThere } from './postmaster.ts';
import { chooseRunAs, type OrdinaryUser, ordinaryUsers, type RunAs } from './run-as.ts';

/** Role and database of a new cluster. */
export const POSTGRES_NAME = 'gatehouse';

/** Prefix of data that initdb has not finished, and of its password file. */
const UNFINISHED = 'postgres.new-';

/**
 * Opens the data in `<directory>/postgres`. Makes it at the first start: UTF-8, locale C.UTF-8,
 * scram-sha-256, and the role and database `gatehouse`.
 */
export async function openCluster(directory: string, password: string, signal?: AbortSignal) {
  const binaries = await findBinaries();
  const data = join(directory, 'postgres');
  const version = readIfThere(join(data, 'PG_VERSION')).trim();
  if (version && version !== binaries.version) {
    const problem = `PostgreSQL ${version} created ${data}, and PostgreSQL ${binaries.version}`;
    throw new Error(
      `${problem} cannot read it: move it to start with an empty database, or set DATABASE_URL`,
    );
  }
  const user = chooseUser(version && data);
  fs.mkdirSync(directory, { recursive: true });
  // The ordinary user has to pass through it, but not to list it.
  if (user) fs.chmodSync(directory, 0o711);
  removeUnfinished(directory);
  const target = version ? data : fs.mkdtempSync(join(directory, UNFINISHED));
  if (user && !version) fs.chownSync(target, user.uid, user.gid);
  const runAs = await chooseRunAs(user, async (way) => {
    // `--show` reads all the files that PostgreSQL needs.
    const reads = await run(way, binaries.initdb, ['--show', '-D', target]);
    return reads.succeeded && (await run(way, '/bin/sh', ['-c', 'test -w "$0"', target])).succeeded;
  });
  const cluster = { binaries, data, user, runAs };
  if (!version) await initialise(cluster, target, password, signal);
  return cluster;
}

/** A data directory of PostgreSQL and how to serve it. */
export type Cluster = Awaited<ReturnType<typeof openCluster>>;

/** @param data existing data, which keeps its owner */
function chooseUser(data: string): OrdinaryUser | undefined {
  const users = ordinaryUsers();
  const isRoot = process.getuid?.() === 0;
  if (isRoot && users.length === 0) {
    const problem = 'PostgreSQL cannot run as root, and there is no user postgres or nobody';
    throw new Error(`${problem}: start as an ordinary user, or set DATABASE_URL`);
  }
  if (!data || !process.getuid) return users[0];
  const owner = fs.statSync(data).uid;
  const user = users.find(({ uid }) => uid === owner);
  if (user || (!isRoot && owner === process.getuid())) return user;
  throw new Error(`${data} belongs to user ${owner}: start as that user, or move the directory`);
}

/** Removes the files of a start that was killed during initdb. */
function removeUnfinished(directory: string): void {
  for (const entry of fs.readdirSync(directory).filter((name) => name.startsWith(UNFINISHED))) {
    try {
      fs.rmSync(join(directory, entry), { recursive: true, force: true });
    } catch {
      // That initdb may still be writing: the next start removes it.
    }
  }
}

/** Makes data in `target`, and moves it to its place. */
async function initialise(
  { binaries, runAs, user, data }: Cluster,
  target: string,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const make = async (program: string, args: string[], input = '') => {
    const { succeeded, stderr } = await run(runAs, program, args, { input, signal });
    if (!succeeded)
      throw new Error(`Cannot initialise the PostgreSQL data directory: ${reasonIn(stderr)}`);
  };
  const passwordFile = `${target}.password`;
  try {
    fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user) fs.chownSync(passwordFile, user.uid, user.gid);
    await make(binaries.initdb, initdbArgs(target, passwordFile));
    const create = `CREATE DATABASE ${POSTGRES_NAME};\n`;
    await make(binaries.postgres, ['--single', '-D', target, 'postgres'], create);
    // The rename is atomic and comes last: a start that is killed earlier leaves no incomplete data
    // directory.
    fs.renameSync(target, data);
  } finally {
    fs.rmSync(passwordFile, { force: true });
    fs.rmSync(target, { recursive: true, force: true });
  }
}

function initdbArgs(data: string, passwordFile: string): string[] {
  const login = ['-U', POSTGRES_NAME, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  // PostgreSQL's own locale provider sorts alike on every machine.
  const order = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const zone = ['--set', 'timezone=UTC', '--set', 'log_timezone=UTC'];
  const speed = ['--no-sync', '--no-instructions'];
  return ['-D', data, '--encoding=UTF8', ...login, ...order, ...zone, ...speed];
}

function run({ prefix, ids }: RunAs, program: string, args: string[], options?: CommandOptions) {
  const [command = '', ...rest] = [...prefix, program, ...args];
  return runCommand(command, rest, { ...ids, ...options, cwd: '/', env: POSTGRES_ENVIRONMENT });
}

function reasonIn(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => /error:|FATAL|PANIC|No space|denied/.test(line));
  return lines.at(-1)?.replace(/^.*?(error|FATAL|PANIC):\s*/, '') ?? lastLine(stderr);
}
