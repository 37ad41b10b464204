import type { Context } from '../context.ts';
import type { Budget } from '../ports.ts';

/** Wrong passwords for one address: of the asking client, and of all strangers together. */
export function wrongPasswords({ config, client }: Context, known: boolean): Budget[] {
  const own = { name: 'wrongPasswords', subject: client.prefix, ...config.wrongPasswords };
  if (known) return [own];
  const { wrongPasswordsOfStrangers: limit } = config;
  return [own, { name: 'wrongPasswordsOfStrangers', subject: 'strangers', shared: true, ...limit }];
}
