import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { transaction } from '../outbox/transaction.ts';
import type { UpdateProfileInput } from './account-inputs.ts';
import { lockViewer, saveAccount } from './lock-account.ts';
import { type User, userOf, type Viewer } from './user.ts';

/** Changes names and language of the signed-in account. */
export async function updateProfile(ctx: Context, viewer: Viewer, input: UpdateProfileInput) {
  const changes = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as Partial<Pick<User, 'firstName' | 'lastName' | 'locale'>>;
  const fields = Object.keys(changes);
  if (fields.length === 0) return viewer.user;
  return transaction(ctx, async (tx) => {
    const account = await lockViewer(tx, viewer);
    Object.assign(account, changes);
    await saveAccount(tx, account);
    record(tx, 'PROFILE_UPDATED', account, { fields });
    return userOf(account);
  });
}
