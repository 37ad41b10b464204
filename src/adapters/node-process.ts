import { traceOf } from '../errors/outage.ts';
import type { Log } from '../ports/logger.ts';

/**
 * Logs uncaught failures without their message, because a driver's message holds what clients sent.
 *
 * After a rejected promise that nobody awaits, the process lives on. After an exception its state is
 * unknown: it ends with code 1, to be restarted. Its accepted work is in the outbox.
 */
export function logUncaught(log: Log): void {
  process.on('unhandledRejection', (reason) => {
    log.error(traceOf(reason), 'unhandled promise rejection');
  });
  process.on('uncaughtException', (error) => {
    log.error(traceOf(error), 'uncaught exception: exiting');
    process.exit(1);
  });
}

/**
 * Resolves when this process has to end: at a signal, or when the supervisor that started it is gone.
 * Ignores further signals, because npm passes on a signal that the terminal has sent too.
 */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const reason of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
      process.on(reason, () => resolve());
    }
  });
}
