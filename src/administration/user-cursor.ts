import { z } from 'zod';
import { badUserInput } from '../errors/auth-error.ts';

/** The place of a user in every order of the list. */
export interface UserPlace {
  /** ISO 8601, to the microsecond: rows of an import may be that exact. */
  readonly createdAt: string;
  readonly id: string;
  readonly email: string;
}

/** SQL: the content of the cursor of the account `a`. */
export const cursorColumn = `concat_ws(' ',
  to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.id, a.email)`;

const place = z.tuple([
  z.iso.datetime({ precision: 6 }),
  z.guid(),
  z.string().regex(/^[\x21-\x7e]{1,254}$/),
]);

/** Makes a cursor, which is opaque to clients. */
export const userCursor = (content: string): string => Buffer.from(content).toString('base64url');

/** @throws AuthError BAD_USER_INPUT for any other text */
export function readUserCursor(cursor: string): UserPlace {
  const parts = place.safeParse(Buffer.from(cursor, 'base64url').toString().split(' '));
  if (!parts.success) {
    throw badUserInput({ after: ['Not a valid cursor. Use a cursor from an earlier page.'] });
  }
  const [createdAt, id, email] = parts.data;
  return { createdAt, id, email };
}
