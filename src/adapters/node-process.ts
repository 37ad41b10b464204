import { execFile } from 'node:child_process';
import { traceOf } from '../errors/outage.ts';
import type { Log } from '../ports/logger.ts';
import { tell } from './process-messages.ts';

/**
 * Logs uncaught failures without their message, which can contain what clients sent. Ends the
 * process with code 1 after an exception, because its state is unknown.
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
 * Resolves at a signal, or when the supervisor is gone. Ignores repeated signals: npm forwards a
 * signal that the process has already received.
 */
export function untilToldToStop(...more: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const reason of ['SIGTERM', 'SIGINT', 'disconnect', ...more] as const) {
      process.on(reason, () => resolve());
    }
  });
}

/** Tells the parent process, and systemd if it waits for that (`Type=notify`), that this one is ready. */
export function announceReady(log: Log, isNotified: boolean): void {
  tell(process, { ready: true });
  if (!isNotified) return;
  execFile('systemd-notify', ['--ready'], (error) => {
    if (error)
      log.error({ code: error.code }, 'Cannot run `systemd-notify --ready`. Install systemd.');
  });
}
