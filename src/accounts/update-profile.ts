import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { transaction } from '../outbox/transaction.ts';
import { Account } from './account.entity.ts';
import type { User } from './user.ts';

/** An absent name stays as it is; null clears it. */
export interface UpdateProfileInput {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** Changes the names of the account that is signed in. */
export async function updateProfile(
  ctx: Context,
  user: User,
  input: UpdateProfileInput,
): Promise<User> {
  const changes = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as Partial<Pick<User, 'firstName' | 'lastName'>>;
  const fields = Object.keys(changes);
  if (fields.length === 0) return user;
  await transaction(ctx, async (tx) => {
    await tx.em.nativeUpdate(Account, { id: user.id }, changes);
    record(tx, 'PROFILE_UPDATED', user.email, { fields });
  });
  return { ...user, ...changes };
}
