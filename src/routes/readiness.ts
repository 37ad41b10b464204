import type { Runtime } from '../services.ts';

type Part =
  | Runtime['database']['state']
  /** No worker has reported the mail server in the last minute. */
  | { readonly status: 'unknown' }
  /** Redis is nearly full, and only known clients are served. */
  | { readonly status: 'limited'; readonly reason: string };

/** The answer of `GET /readyz`. */
export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly parts: Readonly<Record<'postgresql' | 'redis' | 'queue' | 'mail', Part>>;
}

/**
 * Checks the parts of the service. The service is ready without the queue and the mail server
 * (accepted mails wait in the outbox), and while only known clients are served. Takes at most a
 * second, even if a part does not answer.
 */
export async function readReadiness(runtime: Runtime): Promise<Readiness> {
  const { database, redis, memory, queueRedis, readMail } = runtime;
  const [mail] = await Promise.all([
    readMail(),
    database.check(),
    redis.availability.check(),
    memory.check(),
    queueRedis.availability.check(),
  ]);
  const postgresql = database.state;
  const main = withMemory(redis.availability.state, memory);
  const parts = { postgresql, redis: main, queue: queueRedis.availability.state, mail };
  const isReady = [postgresql, main].every(({ status }) => status !== 'unavailable');
  return { status: isReady ? 'ok' : 'unavailable', parts };
}

function withMemory(part: Part, { isReserved, used }: Runtime['memory']): Part {
  if (part.status !== 'ok' || !isReserved) return part;
  const share = Math.round(used * 100);
  return {
    status: 'limited',
    reason: `${share} % of maxmemory is used: unknown clients get 503. Raise maxmemory.`,
  };
}
