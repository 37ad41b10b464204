import type { Runtime } from '../runtime.ts';

interface Part {
  readonly status: 'ok' | 'unavailable' | 'unknown';
  /** Since when it is unavailable, ISO 8601. */
  readonly since?: string;
  /** Why, where that is known; the log also names host and setting. */
  readonly reason?: string;
}

/** The answer of `GET /readyz`. */
export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly parts: Readonly<Record<'postgresql' | 'redis' | 'queue' | 'mail', Part>>;
}

/**
 * Asks the parts of the service. It is ready without the queue and the mail server: accepted mails
 * wait in the outbox. Takes a second at most, also where a part is silent.
 */
export async function readReadiness(runtime: Runtime): Promise<Readiness> {
  const { database, redis, queueRedis, readMail } = runtime;
  const [mail] = await Promise.all([
    readMail(),
    database.look(),
    redis.availability.look(),
    queueRedis.availability.look(),
  ]);
  const [postgresql, main] = [partOf(database), partOf(redis.availability)];
  const parts = { postgresql, redis: main, queue: partOf(queueRedis.availability), mail };
  const isReady = postgresql.status === 'ok' && main.status === 'ok';
  return { status: isReady ? 'ok' : 'unavailable', parts };
}

function partOf({ awaySince, diagnosis }: Runtime['database']): Part {
  if (!awaySince) return { status: 'ok' };
  const reason = diagnosis && { reason: diagnosis.reason };
  return { status: 'unavailable', since: awaySince.toISOString(), ...reason };
}
