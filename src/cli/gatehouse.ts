import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config/environment.ts';
import { AuthError } from '../errors/auth-error.ts';
import { isOutage } from '../errors/outage.ts';
import { diagnosisOf } from '../errors/outage-diagnosis.ts';
import { SourceError } from '../errors/source-error.ts';
import { type Define, type Terminal, UsageError } from './command-line.ts';

/** The description of each command, and its module, which is loaded only when the command runs. */
const commands: Readonly<Record<string, readonly [string, () => Promise<{ define: Define }>]>> = {
  start: [
    'Runs the whole service for development. Starts PostgreSQL and Redis unless you set your own.',
    async () => running(async () => (await importStart()).start()),
  ],
  server: [
    'Runs the API server until SIGTERM or SIGINT.',
    async () => running(async () => (await import('../server.ts')).serve()),
  ],
  worker: [
    'Runs the worker, which sends mails, writes audit events and runs scheduled jobs.',
    async () => running(async () => (await import('#worker/main.ts')).work()),
  ],
  migrate: [
    'Updates the database schema. Concurrent runs are safe: they wait for each other.',
    () => import('./migrate.ts'),
  ],
  createsuperuser: [
    'Creates an ADMIN with a verified address, or promotes one. Prompts for missing values. ' +
      'Without a terminal, reads the password from standard input. Empty keeps the current one.',
    () => import('./createsuperuser.ts'),
  ],
  users: ['Lists, creates, changes and deletes users.', () => import('./users.ts')],
  'api-keys': [
    'Creates, lists and revokes API keys, by which machines administer users.',
    () => import('./api-keys.ts'),
  ],
  'introspection-clients': [
    'Makes the credentials of services that introspect tokens.',
    () => import('./introspection-clients.ts'),
  ],
  webhooks: [
    'Creates, lists and changes webhooks, lists their deliveries and sends messages again.',
    () => import('./webhooks.ts'),
  ],
  keys: [
    'Lists and rotates signing keys, and re-encrypts data after a change of SECRET_KEY.',
    () => import('./keys.ts'),
  ],
  sessions: ['Ends sessions.', () => import('./sessions.ts')],
  outbox: [
    'Manages mails and audit events that are waiting or have failed.',
    () => import('./outbox.ts'),
  ],
  audit: ['Exports, verifies and prunes the audit log.', () => import('./audit.ts')],
  config: [
    'Shows the settings, where they come from, and what is wrong with them.',
    () => import('./config.ts'),
  ],
  doctor: [
    'Checks settings, PostgreSQL, Redis, mail, schema, keys and workers; each finding has its fix.',
    () => import('./doctor.ts'),
  ],
  import: [
    'Imports users of Django, or from a file with a JSON object per line.',
    () => import('./import.ts'),
  ],
  export: ['Writes all users, one JSON object per line.', () => import('./export.ts')],
  mail: [
    'Tests the mail server, and shows all mails. Needs neither PostgreSQL nor Redis.',
    () => import('./mail.ts'),
  ],
  capacity: [
    'Estimates how many of each part an installation needs, and what ends first. Needs no settings.',
    () => import('./capacity.ts'),
  ],
  generate: [
    'Writes schema.graphql and the tables of settings, errors, events, metrics and operations in docs/.',
    () => import('./generate.ts'),
  ],
};

const running = (work: () => Promise<void>) => ({
  define: (command: Command) => command.action(work),
});

/**
 * Runs a command line such as `['keys', 'list']`.
 *
 * @returns the exit code: 0 after success, 1 after a failure, 2 after wrong usage
 */
export async function runGatehouse(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [first, second] = argv;
    const chosen = first === 'help' ? second : first;
    await (await programFor(chosen, terminal)).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has already printed the help or the mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.stderr.write(`${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Describes all commands, and defines the chosen one. */
async function programFor(chosen: string | undefined, terminal: Terminal): Promise<Command> {
  const program = new Command('gatehouse')
    .description('Self-hosted authentication API.')
    .version(manifest.version)
    .addHelpText('afterAll', '\nExit codes: 0 success, 1 failure, 2 wrong usage')
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  for (const [name, [description, load]] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    if (name === chosen) (await load()).define(command, terminal);
  }
  return program;
}

async function importStart(): Promise<{ start(): Promise<void> }> {
  return import('#dev/start.ts').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const problem = '`gatehouse start` is for development, and its modules are not installed';
    const cure = 'run `gatehouse server` and `gatehouse worker`, or `npm ci` in a checkout';
    throw new ConfigError(`${problem}: ${cure}`, { cause });
  });
}

function messageOf(error: unknown): string {
  const isExplained = [ConfigError, UsageError, SourceError].some((kind) => error instanceof kind);
  if (error instanceof Error && isExplained) return error.message;
  if (error instanceof AuthError && error.code !== 'UNAVAILABLE') {
    return [error.message, ...Object.values(error.details.fields ?? {}).flat()].join('\n');
  }
  const diagnosis = diagnosisOf(error);
  if (diagnosis) return diagnosis.line;
  if (!isOutage(error)) return inspect(error);
  return 'PostgreSQL or Redis is unavailable: check DATABASE_URL and REDIS_URL, and start both';
}
