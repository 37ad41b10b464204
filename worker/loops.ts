import { setTimeout as pause } from 'node:timers/promises';
import { isOutage, traceOf } from '#src/errors/outage.ts';
import type { Log } from '#src/ports/logger.ts';

/** Milliseconds between two rounds of repeated work. */
export const INTERVAL = 1000;

/** Runs work and logs its failure. The next round finds unfinished work. */
export async function logErrors<T>(log: Log, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // An outage is logged by the probe of its store.
    const level = isOutage(error) ? 'debug' : 'warn';
    log[level](traceOf(error), 'A background task failed. It will run again.');
    return undefined;
  }
}

/** Repeats work while PostgreSQL is unavailable. */
export async function retryUntilAvailable(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error)) throw error;
      await pause(200);
    }
  }
}

/** Runs work once a second until `stopping` aborts. */
export async function repeat(log: Log, stopping: AbortSignal, work: () => Promise<void>) {
  while (!stopping.aborted) {
    await logErrors(log, work);
    await pause(INTERVAL, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Runs steps of `size` rows until one finds fewer, or `signal` aborts. @returns all rows */
export async function inSteps(
  size: number,
  step: (size: number) => Promise<number>,
  signal?: AbortSignal,
): Promise<number> {
  let rows = 0;
  for (let found = size; found === size && !signal?.aborted; rows += found) {
    found = await step(size);
  }
  return rows;
}
