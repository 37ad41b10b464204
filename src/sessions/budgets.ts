import type { Context } from '../context.ts';
import type { Budget } from '../ports.ts';

/** Wrong passwords of the asking client for one address. */
export function wrongPasswords({ config, client }: Context): Budget[] {
  return [{ name: 'wrongPasswords', subject: client.prefix, ...config.wrongPasswords }];
}
