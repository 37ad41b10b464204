import { isOutage, traceOf } from '#src/errors/outage.ts';
import type { Log } from '#src/ports/logger.ts';

/** Runs work whose failures are only logged: what is not done is found again at the next look. */
export async function logErrors<T>(log: Log, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // Who watches PostgreSQL has told of an outage.
    if (isOutage(error)) log.debug(traceOf(error), 'left for the next time');
    else log.warn(traceOf(error), 'left for the next time');
    return undefined;
  }
}
