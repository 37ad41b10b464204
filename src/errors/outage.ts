import { causeOf, diagnosisOf } from './outage-diagnosis.ts';

/** Whether an error means that PostgreSQL or Redis is unavailable, rather than a fault in the code. */
export const isOutage = (error: unknown): boolean =>
  diagnosisOf(error) !== undefined || causeOf(error)?.isOutage === true;

/** Returns what a log may show of an error. A driver's message contains values, so it is omitted. */
export function traceOf(error: unknown): object {
  if (!(error instanceof Error)) return { thrown: typeof error };
  const { name, code, stack = '' } = error as Error & { code?: unknown };
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  const cause = error.cause instanceof Error ? traceOf(error.cause) : undefined;
  return { error: name, code, frames: frames.slice(0, 10), cause };
}
