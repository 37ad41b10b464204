import { diagnosisOf } from './outage-diagnosis.ts';

/** PostgreSQL error classes that mean "not now": connection, resources, shutdown, recovery. */
const postgresAway = /^(08|53|57P|25006|25P03)/;
const networkAway = /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;
const saysAway =
  /Connection (is closed|terminated|ended)|is not queryable|timeout exceeded when trying to connect|Query read timeout|Command timed out|Stream isn't writeable|^(LOADING|READONLY|OOM|EXECABORT|BUSY|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|MISCONF) /;

/**
 * Whether an error means that PostgreSQL or Redis is unavailable, rather than a fault in the code.
 */
export function isOutage(error: unknown): boolean {
  if (diagnosisOf(error)) return true;
  for (let link = error; link instanceof Error; link = link.cause) {
    const { code } = link as { code?: unknown };
    if (typeof code === 'string' && (postgresAway.test(code) || networkAway.test(code))) {
      return true;
    }
    if (
      code === '57014' ||
      link.name === 'MaxRetriesPerRequestError' ||
      saysAway.test(link.message)
    ) {
      return true;
    }
  }
  return false;
}

/**
 * What a log may say of a failure: name, code and stack frames. A driver's message holds the
 * statement and its values.
 */
export function traceOf(error: unknown): object {
  if (!(error instanceof Error)) return { thrown: typeof error };
  const { name, code, stack = '' } = error as Error & { code?: unknown };
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  const cause = error.cause instanceof Error ? traceOf(error.cause) : undefined;
  return { error: name, code, frames: frames.slice(0, 10), cause };
}
