import { addressLimits } from '../config/limits.ts';
import { limitVariable } from '../config/load-config.ts';
import type { Context } from '../context.ts';
import { isOutage } from '../errors/outage.ts';
import type { RateLimitWindow } from '../ports/rate-limits.ts';

/** A used-up rate limit of an address. */
export interface Lock {
  /** Name of the setting. */
  readonly limit: string;
  readonly subject: string;
  /** Whole seconds until it ends. */
  readonly unlockIn: number;
}

/** Lists the used-up limits of an address; null while Redis is unavailable. */
export async function listLocks(
  { rateLimits, config }: Pick<Context, 'rateLimits' | 'config'>,
  address: string,
): Promise<readonly Lock[] | null> {
  const isUsedUp = ({ name, taken }: RateLimitWindow) => {
    const limit = name in addressLimits && config[name as keyof typeof addressLimits];
    return typeof limit === 'object' && taken >= limit.max;
  };
  const windows = await rateLimits.list(address).catch((error) => {
    if (!isOutage(error)) throw error;
    return undefined;
  });
  if (!windows) return null;
  return windows
    .filter(isUsedUp)
    .map(({ name, subject, wait }) => ({ limit: limitVariable(name), subject, unlockIn: wait }))
    .sort((one, other) =>
      `${one.limit} ${one.subject}` < `${other.limit} ${other.subject}` ? -1 : 1,
    );
}
