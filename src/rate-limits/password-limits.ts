import type { Context } from '../context.ts';
import type { RateLimit } from '../ports/rate-limits.ts';

/** Returns the limits on wrong passwords: of the client, and of all unknown clients together. */
export function wrongPasswords({ config, client }: Context, known: boolean): RateLimit[] {
  const own = {
    name: 'wrongPasswords',
    subject: client.prefix,
    kind: known ? 'own' : 'evictable',
    ...config.wrongPasswords,
  } as const;
  if (known) return [own];
  const { wrongPasswordsOfUnknown: limit } = config;
  return [own, { name: 'wrongPasswordsOfUnknown', subject: 'unknown', kind: 'shared', ...limit }];
}
