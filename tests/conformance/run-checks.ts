import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environmentVariables, type Variables } from '#src/config/load-config.ts';
import { gatehouseScript } from '#tests/support/managed-process.ts';
import type { Control } from './control.ts';

const root = resolve(import.meta.dirname, '../..');
const given = environmentVariables();
const checks = resolve(root, given.CONFORMANCE ?? '../shared/conformance');

/**
 * Checks of the second pass, by their ids: A03 counts the audit log of everybody, which nobody else
 * may write meanwhile, and O13 waits for the expiry of a code.
 */
const later = 'A03|O13';

/**
 * Checks that contradict the contract. T05 refuses the letters "otp" anywhere in an access token, and
 * the contract demands `amr: ["otp"]` (RFC 8176). tests/token-claims.test.ts compares all claims.
 */
const contradictory = 'T05';

/** Seconds that a code lives then; the shortest that may be set. */
const SHORT_CODE_TTL = '30';

const admin = { email: 'admin@example.com', password: 'granite-lighthouse-64' };

interface Row {
  readonly id: string;
  readonly kind: 'PASS' | 'FAIL' | 'SKIP';
}

/** An installation in production, whose mail goes to `smtpPort` of this machine. */
export interface CheckedInstallation {
  readonly url: string;
  readonly smtpPort: number;
  readonly control: Control;
  /** The environment of its processes, and their working directory. */
  readonly variables: Variables;
  readonly directory: string;
  readonly logFiles: readonly string[];
  /** Ends all servers and workers, and starts them with further variables. */
  restart(variables: Variables): Promise<void>;
}

/** Says on the terminal if there are no checks. */
export function findChecks(): boolean {
  const found = existsSync(join(checks, 'conformance.mjs'));
  if (!found) process.stdout.write(`conformance: not run, there are no checks in ${checks}\n`);
  return found;
}

/**
 * Runs the black-box checks of `../shared/conformance` (or of the directory that CONFORMANCE names)
 * against an installation. CHECK_ONLY, and what else is not set here, passes through. The last line
 * has the totals; the exit code is 0 where nothing failed.
 */
export async function runChecks(installation: CheckedInstallation): Promise<void> {
  const { control } = installation;
  await createAdmin(installation);
  const settings = settingsFor(installation);
  const rows = await run(installation, {
    ...settings,
    ...control.commands,
    CHECK_ONLY: given.CHECK_ONLY ?? `^(?!${later}|${contradictory})[A-Z]\\d\\d`,
  });
  if (!given.CHECK_ONLY) {
    await installation.restart({ OTP_TTL: SHORT_CODE_TTL });
    const only = { CHECK_ONLY: `^(${later})`, CHECK_OTP_TTL_S: SHORT_CODE_TTL };
    rows.push(...(await run(installation, { ...settings, ...only })));
  }
  if (control.failures.length > 0) throw new AggregateError(control.failures);
  report(rows);
}

const settingsFor = ({ url, smtpPort, logFiles }: CheckedInstallation): Variables => ({
  BASE_URL: url,
  SMTP_PORT: String(smtpPort),
  GRAPHQL_SCHEMA_FILE: join(root, 'schema.graphql'),
  CHECK_SLOW: '1',
  CHECK_ADMIN_EMAIL: admin.email,
  CHECK_ADMIN_PASSWORD: admin.password,
  CHECK_LOG_FILES: logFiles.join(),
});

async function createAdmin({ variables, directory }: CheckedInstallation): Promise<void> {
  const command = [gatehouseScript, 'createsuperuser', '--email', admin.email];
  const child = spawn(process.execPath, command, {
    cwd: directory,
    env: { ...variables },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin?.end(admin.password);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`createsuperuser ended with ${code}`);
}

/** Runs the checks once and says on the terminal what they say. @throws Error where they break */
async function run({ directory }: CheckedInstallation, settings: Variables): Promise<Row[]> {
  const results = join(directory, 'results.json');
  const child = spawn(process.execPath, [join(checks, 'conformance.mjs')], {
    env: { ...given, ...settings, CHECK_JSON: results },
    stdio: 'inherit',
  });
  process.once('exit', () => child.kill());
  const [code] = await once(child, 'exit');
  if (code !== 0 && code !== 1) throw new Error(`the checks ended with ${code}`);
  const rows = JSON.parse(readFileSync(results, 'utf8'));
  rmSync(results);
  return rows;
}

function report(rows: readonly Row[]): void {
  const count = (wanted: Row['kind']) => rows.filter(({ kind }) => kind === wanted).length;
  const [passed, failed, skipped] = [count('PASS'), count('FAIL'), count('SKIP')];
  process.stdout.write(
    `\nconformance, in all (${contradictory} contradicts the contract, not run):\n`,
  );
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
