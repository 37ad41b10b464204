import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { findPostgresBinaries, majorVersion, POSTGRES_ENVIRONMENT } from './binaries.ts';
import { type Cluster, initialise, makeEmpty, removeUnfinished } from './initialise.ts';
import { chooseLauncher, type OrdinaryUser, ordinaryUsers } from './ordinary-user.ts';

/**
 * Opens `<directory>/postgres`, making it on the first start: UTF-8, the C.UTF-8 locale that PostgreSQL
 * brings along, scram-sha-256, and the role and database `gatehouse`.
 * @throws Error, one line: another version's or another user's data, no space, no way to run.
 */
export async function openCluster(
  directory: string,
  password: string,
  signal?: AbortSignal,
): Promise<Cluster> {
  const binaries = await findPostgresBinaries();
  const data = join(directory, 'postgres');
  const exists = readVersion(data) !== undefined;
  const user = chooseUser(exists ? data : undefined);
  mkdirSync(directory, { recursive: true });
  // The ordinary user must pass through it, and needs to see nothing else in it.
  if (user) chmodSync(directory, 0o711);

  removeUnfinished(directory);
  const target = exists ? data : makeEmpty(directory, user);
  const launcher = await chooseLauncher(user, async (candidate) => {
    const run = async (program: string, programArgs: string[]) => {
      const { command, args, ...ids } = candidate(program, programArgs);
      const options = { ...ids, cwd: '/', env: POSTGRES_ENVIRONMENT };
      return (await runCommand(command, args, options)).code === 0;
    };
    // It looks for all the files that PostgreSQL comes with, and writes nothing.
    const reachesPrograms = await run(binaries.initdb, ['--show', '-D', target]);
    return reachesPrograms && (await run('/bin/sh', ['-c', 'test -w "$0"', target]));
  });
  const cluster = { binaries, data, user, launcher };
  if (exists) await checkVersion(cluster);
  else await initialise(cluster, target, password, signal);
  return cluster;
}

function chooseUser(data: string | undefined): OrdinaryUser | undefined {
  const users = ordinaryUsers();
  const isRoot = process.getuid?.() === 0;
  if (isRoot && users.length === 0) {
    const why = 'PostgreSQL cannot run as root, and there is no user postgres or nobody';
    throw new Error(`${why}: start as an ordinary user, or set DATABASE_URL`);
  }
  if (!data || !process.getuid) return users[0];
  const owner = statSync(data).uid;
  // Data of an earlier start stays with the user it was made for, also when `postgres` came later.
  const user = users.find(({ uid }) => uid === owner);
  if (user || (!isRoot && owner === process.getuid())) return user;
  throw new Error(`${data} belongs to user ${owner}: start as that user, or move it away`);
}

async function checkVersion({ binaries, data }: Cluster): Promise<void> {
  const [theirs, ours] = [readVersion(data), await majorVersion(binaries)];
  if (theirs === ours) return;
  const what = `${data} was made by PostgreSQL ${theirs}, and PostgreSQL ${ours} cannot read it`;
  throw new Error(`${what}: move it away to start afresh, or set DATABASE_URL`);
}

function readVersion(data: string): string | undefined {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
