import type { Context } from '../context.ts';
import { AuthError, USER_NOT_FOUND } from '../errors/auth-error.ts';
import type { Statement } from '../ports/sql.ts';
import { type ManagedUser, managedColumns } from './managed-user.ts';
import type { UserArguments } from './user-inputs.ts';

const findById: Statement<ManagedUser> = {
  name: 'find-user-by-id',
  text: `select ${managedColumns} from accounts a where a.id = $1`,
};

const findByEmail: Statement<ManagedUser> = {
  name: 'find-user-by-email',
  text: `select ${managedColumns} from accounts a where a.email = $1`,
};

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a text can be the id of a user. */
export const isUuid = (text: string): boolean => UUID.test(text);

export const userNotFound = () => new AuthError('NOT_FOUND', USER_NOT_FOUND);

/** Finds a user by id or address. @throws AuthError NOT_FOUND */
export async function findUser(
  { sql }: Pick<Context, 'sql'>,
  { id, email }: UserArguments,
): Promise<ManagedUser> {
  const [user] =
    id == null
      ? await sql.query(findByEmail, [email])
      : isUuid(id)
        ? await sql.query(findById, [id])
        : [];
  if (!user) throw userNotFound();
  return user;
}
