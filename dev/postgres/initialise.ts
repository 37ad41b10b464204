import { chownSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';
import { POSTGRES_ENVIRONMENT, type PostgresBinaries } from './binaries.ts';
import type { OrdinaryUser, RunAs } from './ordinary-user.ts';

/** Role and database of a new cluster. */
export const POSTGRES_NAME = 'gatehouse';

/** Prefix of a data directory that initdb has not finished, and of its password file. */
const UNFINISHED = 'postgres.new-';

/** A data directory of PostgreSQL and how to serve it. */
export interface Cluster {
  readonly binaries: PostgresBinaries;
  /** `<directory>/postgres`. */
  readonly data: string;
  /** User that runs PostgreSQL if this process is root. */
  readonly user: OrdinaryUser | undefined;
  readonly runAs: RunAs;
}

/** Removes what a start left that was killed during initdb. */
export function removeUnfinished(directory: string): void {
  for (const entry of readdirSync(directory).filter((name) => name.startsWith(UNFINISHED))) {
    try {
      rmSync(join(directory, entry), { recursive: true, force: true });
    } catch {
      // That initdb may still be writing: the next start removes it.
    }
  }
}

/** Makes an empty directory for new data, owned by the user that will run PostgreSQL. */
export function makeEmpty(directory: string, user: OrdinaryUser | undefined): string {
  const path = mkdtempSync(join(directory, UNFINISHED));
  if (user) chownSync(path, user.uid, user.gid);
  return path;
}

/**
 * Makes the data of a cluster in `target`, an empty directory, and moves it to its place.
 * @throws Error with the complaint of initdb.
 */
export async function initialise(
  { binaries, runAs, user, data }: Cluster,
  target: string,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const run = async (program: string, programArgs: string[], input = '') => {
    const { command, args, ids } = runAs(program, programArgs);
    const options = { ...ids, input, signal, cwd: '/', env: POSTGRES_ENVIRONMENT };
    const { succeeded, stderr } = await runCommand(command, args, options);
    if (!succeeded) throw new Error(`PostgreSQL's data cannot be made: ${reason(stderr)}`);
  };
  const passwordFile = `${target}.password`;
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user) chownSync(passwordFile, user.uid, user.gid);
    await run(binaries.initdb, initdbArgs(target, passwordFile));
    const create = `CREATE DATABASE ${POSTGRES_NAME};\n`;
    await run(binaries.postgres, ['--single', '-D', target, 'postgres'], create);
    // Last and atomic: a start that is killed before leaves nothing that looks like data.
    renameSync(target, data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(target, { recursive: true, force: true });
  }
}

function initdbArgs(data: string, passwordFile: string): string[] {
  const login = ['-U', POSTGRES_NAME, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  // PostgreSQL's own locale provider sorts alike on every machine.
  const order = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const zone = ['--set', 'timezone=UTC', '--set', 'log_timezone=UTC'];
  return [
    '-D',
    data,
    '--encoding=UTF8',
    ...login,
    ...order,
    ...zone,
    '--no-sync',
    '--no-instructions',
  ];
}

function reason(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => /error:|FATAL|PANIC|No space|denied/.test(line));
  return lines.at(-1)?.replace(/^.*?(error|FATAL|PANIC):\s*/, '') ?? lastLine(stderr);
}
