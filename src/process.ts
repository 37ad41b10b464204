import { inspect } from 'node:util';
import { ConfigError } from './config.ts';
import { isOutage, traceOf } from './failures.ts';
import type { Log } from './ports.ts';

/** PostgreSQL's code for a table that is not there. */
const UNDEFINED_TABLE = '42P01';

/**
 * Runs the work of a process or a command. A setting that is missing or wrong ends it with one line
 * and code 1; any other failure is a fault and shows where it came from.
 */
export async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${whyOf(error)}\n`);
    process.exit(1);
  }
}

function whyOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
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
