import { chownSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';
import { POSTGRES_ENVIRONMENT, type PostgresBinaries } from './binaries.ts';
import type { Launcher, OrdinaryUser } from './ordinary-user.ts';

/** Role and database that a new cluster gets. */
export const POSTGRES_NAME = 'gatehouse';

/** What the data directory, and the file that tells initdb the password, are called until done. */
const UNFINISHED = 'postgres.new-';

/** A data directory of PostgreSQL that is ready to be served. */
export interface Cluster {
  binaries: PostgresBinaries;
  /** `<directory>/postgres`. */
  data: string;
  /** The ordinary user that runs it when we are root; else undefined. */
  user: OrdinaryUser | undefined;
  launcher: Launcher;
}

/** Removes what a start that was killed in the middle of initdb has left. */
export function removeUnfinished(directory: string): void {
  const unfinished = readdirSync(directory).filter((entry) => entry.startsWith(UNFINISHED));
  for (const entry of unfinished) {
    try {
      rmSync(join(directory, entry), { recursive: true, force: true });
    } catch {
      // That initdb may still be writing: then the next start removes it.
    }
  }
}

/** An empty directory for data to be, owned by the user that will run PostgreSQL. */
export function makeEmpty(directory: string, user: OrdinaryUser | undefined): string {
  // A new name each time: the initdb of a killed start may still be writing to the old one.
  const path = mkdtempSync(join(directory, UNFINISHED));
  if (user) chownSync(path, user.uid, user.gid);
  return path;
}

/**
 * Makes the data of a cluster in the directory that {@link makeEmpty} gave, then moves it to its place.
 * @throws Error, one line: no space, no right to write.
 */
export async function initialise(
  cluster: Cluster,
  target: string,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { binaries, launcher, user, data } = cluster;
  const run = async (program: string, programArgs: string[], input = '') => {
    const { command, args, ...ids } = launcher(program, programArgs);
    const options = { ...ids, input, signal, cwd: '/', env: POSTGRES_ENVIRONMENT };
    const { code, stderr } = await runCommand(command, args, options);
    if (code !== 0) throw new Error(`PostgreSQL's data cannot be made: ${reason(stderr)}`);
  };
  const passwordFile = `${target}.password`;
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user) chownSync(passwordFile, user.uid, user.gid);
    await run(binaries.initdb, initdbArgs(target, passwordFile));
    const create = `CREATE DATABASE ${POSTGRES_NAME};\n`;
    await run(binaries.postgres, ['--single', '-D', target, 'postgres'], create);
    // Last, and in one step: a kill before this line leaves nothing that looks like data.
    renameSync(target, data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(target, { recursive: true, force: true });
  }
}

function initdbArgs(data: string, passwordFile: string): string[] {
  const login = ['-U', POSTGRES_NAME, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  // PostgreSQL's own provider: the same order on every machine, whatever `locale -a` has.
  const order = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const zone = ['--set', 'timezone=UTC', '--set', 'log_timezone=UTC'];
  const haste = ['--no-sync', '--no-instructions'];
  return ['-D', data, '--encoding=UTF8', ...login, ...order, ...zone, ...haste];
}

function reason(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => /error:|FATAL|PANIC|No space|denied/.test(line));
  return lines.at(-1)?.replace(/^.*?(error|FATAL|PANIC):\s*/, '') ?? lastLine(stderr);
}
