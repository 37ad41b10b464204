import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '#dev/free-port.ts';
import { environmentVariables, type Variables } from '#src/config/load-config.ts';
import { type Installation, startInstallation } from '#tests/support/installation.ts';
import { startControl } from './control.ts';

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

if (existsSync(join(checks, 'conformance.mjs'))) await main();
else process.stdout.write(`conformance: not run, there are no checks in ${checks}\n`);

/**
 * `npm run conformance`: the black-box checks of `../shared/conformance` (or of the directory that
 * CONFORMANCE names) against an installation in production. CHECK_ONLY, and what else is not set
 * here, passes through. Its last line has the totals; its status is 0 where nothing failed.
 */
async function main(): Promise<void> {
  const smtpPort = await freePort();
  const smtpUrl = `smtp://127.0.0.1:${smtpPort}`;
  const variables = { LOG_LEVEL: 'trace' };
  const installation = await startInstallation({ servers: 1, workers: 1, smtpUrl, variables });
  const control = await startControl(installation);
  try {
    await createAdmin(installation);
    const settings = { ...settingsFor(installation), SMTP_PORT: String(smtpPort) };
    const rows = await run(installation, {
      ...settings,
      ...control.commands,
      CHECK_ONLY: given.CHECK_ONLY ?? `^(?!${later}|${contradictory})[A-Z]\\d\\d`,
    });
    if (!given.CHECK_ONLY) rows.push(...(await runLater(installation, settings)));
    if (control.failures.length > 0) throw new AggregateError(control.failures);
    report(rows);
  } finally {
    control.close();
    await installation.close();
  }
}

function settingsFor({ servers, logFiles }: Installation): Variables {
  return {
    BASE_URL: servers[0]?.url,
    GRAPHQL_SCHEMA_FILE: join(root, 'schema.graphql'),
    CHECK_SLOW: '1',
    CHECK_ADMIN_EMAIL: admin.email,
    CHECK_ADMIN_PASSWORD: admin.password,
    CHECK_LOG_FILES: logFiles.join(),
  };
}

async function createAdmin({ variables, directory }: Installation): Promise<void> {
  const command = [join(root, 'src/cli/main.ts'), 'createsuperuser', '--email', admin.email];
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
async function run({ directory }: Installation, settings: Variables): Promise<Row[]> {
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

async function runLater(installation: Installation, settings: Variables): Promise<Row[]> {
  const parts = [...installation.servers, ...installation.workers];
  for (const part of parts) part.kill('SIGKILL');
  await Promise.all(parts.map(({ ended }) => ended));
  for (const part of parts) part.start({ OTP_TTL: SHORT_CODE_TTL });
  await Promise.all(parts.map((part) => part.ready()));
  const only = { CHECK_ONLY: `^(${later})`, CHECK_OTP_TTL_S: SHORT_CODE_TTL };
  return run(installation, { ...settings, ...only });
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
