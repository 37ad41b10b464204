import type { Runtime } from '../runtime.ts';

interface Part {
  readonly status: 'ok' | 'unavailable';
  /** Since when it is away, ISO 8601. */
  readonly since?: string;
}

/** What `GET /readyz` answers. */
export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly parts: { readonly postgresql: Part; readonly redis: Part };
}

/** Asks the parts without which little works. Takes a second at most, also where one is silent. */
export async function readReadiness({ database, redis }: Runtime): Promise<Readiness> {
  await Promise.all([database.look(), redis.availability.look()]);
  const parts = { postgresql: partOf(database), redis: partOf(redis.availability) };
  const ready = Object.values(parts).every(({ status }) => status === 'ok');
  return { status: ready ? 'ok' : 'unavailable', parts };
}

function partOf({ awaySince }: Runtime['database']): Part {
  return awaySince ? { status: 'unavailable', since: awaySince.toISOString() } : { status: 'ok' };
}
