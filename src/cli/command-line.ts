import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/load-config.ts';
import { isOutage, traceOf } from '../errors/outage.ts';
import { diagnosisOf } from '../errors/outage-diagnosis.ts';
import type { Log } from '../ports/logger.ts';

/** PostgreSQL's code for a table that is not there. */
const UNDEFINED_TABLE = '42P01';

/** Exit code of a command line with an unknown argument, command or option. */
const WRONG_USAGE = 2;

/** An argument of a command is missing or wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Describes a command line. Its `--help` needs no setting and no store.
 *
 * @param name what the operator types, such as `npm run keys --`
 */
export function commandLine(name: string, description: string): Command {
  return new Command(name).description(description).showHelpAfterError().exitOverride();
}

/**
 * Runs a command line and exits with 1 after a failure, with 2 after wrong usage. A missing or wrong
 * setting is reported in one line, an unexpected failure with its stack.
 */
export async function run(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has already printed the help or the mistake.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE);
    process.stderr.write(`${whyOf(error)}\n`);
    process.exit(error instanceof UsageError ? WRONG_USAGE : 1);
  }
}

function whyOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof UsageError) return error.message;
  const diagnosis = diagnosisOf(error);
  if (diagnosis) return diagnosis.line;
  if ((error as { code?: unknown }).code === UNDEFINED_TABLE) {
    return 'The database has no tables yet: run `npm run migrate` first';
  }
  return isOutage(error) ? 'PostgreSQL or Redis is away' : inspect(error);
}

/**
 * Logs what nobody has caught, without the message: a driver's holds what clients sent.
 *
 * A promise that failed unheard, in a library for instance, concerns nobody else, and the process
 * lives on. After an exception nobody knows what was left half done: the process ends with code 1,
 * to be started again; what it had taken on is in the outbox.
 */
export function logUncaught(log: Log): void {
  process.on('unhandledRejection', (reason) => {
    log.error(traceOf(reason), 'a promise failed unheard');
  });
  process.on('uncaughtException', (error) => {
    log.error(traceOf(error), 'an exception was not caught');
    process.exit(1);
  });
}

/**
 * Resolves when this process shall end: by a signal, or because the supervisor that started it is
 * gone. To be told again changes nothing: npm passes on a signal that the terminal has sent too.
 */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const reason of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
      process.on(reason, () => resolve());
    }
  });
}
