import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { findPostgresBinaries, majorVersion, POSTGRES_ENVIRONMENT } from './binaries.ts';
import { type Cluster, initialise, makeEmpty, removeUnfinished } from './initialise.ts';
import { chooseRunAs, type OrdinaryUser, ordinaryUsers, type RunAs } from './ordinary-user.ts';

/**
 * Opens `<directory>/postgres`. Makes it at the first start: UTF-8, locale C.UTF-8, scram-sha-256, and
 * the role and database `gatehouse`.
 * @throws Error if the data is of another version or user, the disk is full, or PostgreSQL cannot run.
 */
export async function openCluster(
  directory: string,
  password: string,
  signal?: AbortSignal,
): Promise<Cluster> {
  const binaries = await findPostgresBinaries();
  const data = join(directory, 'postgres');
  const version = readVersion(data);
  const user = chooseUser(version && data);
  mkdirSync(directory, { recursive: true });
  // The ordinary user has to pass through it, but not to list it.
  if (user) chmodSync(directory, 0o711);

  removeUnfinished(directory);
  const target = version ? data : makeEmpty(directory, user);
  const runAs = await chooseRunAs(user, async (candidate) => {
    // `--show` reads all the files that PostgreSQL needs.
    const canRead = await runsWith(candidate, binaries.initdb, ['--show', '-D', target]);
    return canRead && runsWith(candidate, '/bin/sh', ['-c', 'test -w "$0"', target]);
  });
  const cluster = { binaries, data, user, runAs };
  if (!version) await initialise(cluster, target, password, signal);
  else if (version !== (await majorVersion(binaries))) {
    const ours = await majorVersion(binaries);
    const problem = `${data} was made by PostgreSQL ${version}, and PostgreSQL ${ours} cannot read it`;
    throw new Error(`${problem}: move it away to start afresh, or set DATABASE_URL`);
  }
  return cluster;
}

async function runsWith(runAs: RunAs, program: string, programArgs: string[]): Promise<boolean> {
  const { command, args, ids } = runAs(program, programArgs);
  const options = { ...ids, cwd: '/', env: POSTGRES_ENVIRONMENT };
  return (await runCommand(command, args, options)).succeeded;
}

/** @param data existing data, which keeps its owner */
function chooseUser(data: string | undefined): OrdinaryUser | undefined {
  const users = ordinaryUsers();
  const isRoot = process.getuid?.() === 0;
  if (isRoot && users.length === 0) {
    const problem = 'PostgreSQL cannot run as root, and there is no user postgres or nobody';
    throw new Error(`${problem}: start as an ordinary user, or set DATABASE_URL`);
  }
  if (!data || !process.getuid) return users[0];
  const owner = statSync(data).uid;
  const user = users.find(({ uid }) => uid === owner);
  if (user || (!isRoot && owner === process.getuid())) return user;
  throw new Error(`${data} belongs to user ${owner}: start as that user, or move it away`);
}

function readVersion(data: string): string | undefined {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
