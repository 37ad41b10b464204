import { findUser } from '../administration/find-user.ts';
import type { ManagedUser } from '../administration/managed-user.ts';
import type { Context } from '../context.ts';
import { type Output, tableOf, timeOf } from './command-line.ts';

/** Runs the work of a command with all services. */
export type Open = (work: (ctx: Context) => Promise<Output>) => Promise<Output>;

/** The argument that names a user. */
export const USER = ['<user>', 'id or e-mail address'] as const;

/** Finds a user by id or address. */
export const resolveUser = (ctx: Context, name: string): Promise<ManagedUser> =>
  findUser(ctx, name.includes('@') ? { email: name.trim().toLowerCase() } : { id: name });

/** Prints a user, one property per line. */
export function userOutput(user: ManagedUser, more: object = {}): Output {
  const shown = { ...user, ...more };
  const rows = Object.entries(shown).map(([name, value]) => [name, textOf(value)]);
  return { data: shown, lines: tableOf(rows) };
}

function textOf(value: unknown): string {
  if (value === null) return '-';
  if (value instanceof Date) return timeOf(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
