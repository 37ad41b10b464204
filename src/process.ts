import { ConfigError } from './config.ts';
import { isOutage } from './failures.ts';

/**
 * Runs the work of a process or a command. A setting that is missing or wrong ends it with one line
 * and code 1; any other failure is a fault and shows where it came from.
 */
export async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConfigError) && !isOutage(error)) throw error;
    const line = error instanceof ConfigError ? error.message : 'PostgreSQL or Redis is away';
    process.stderr.write(`${line}\n`);
    process.exit(1);
  }
}

/**
 * Resolves when this process shall end: by a signal, or because the supervisor that started it is
 * gone.
 */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const reason of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
      process.once(reason, () => resolve());
    }
  });
}
