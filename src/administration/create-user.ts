import { checkMetadataClaim } from '../accounts/metadata-claim.ts';
import { isReserved } from '../accounts/reserved-address.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { badUserInput, USER_EXISTS } from '../errors/auth-error.ts';
import type { Statement } from '../ports/sql.ts';
import type { Actor } from './actor.ts';
import { administer } from './change-user.ts';
import { type ManagedUser, managedColumns } from './managed-user.ts';
import type { CreateUserInput } from './user-inputs.ts';

const insert: Statement<ManagedUser> = {
  name: 'provision-account',
  text: `insert into accounts as a
      (id, email, first_name, last_name, role, metadata, created_at, provisioned)
    select $1::uuid, $2::varchar, $3, $4, $5, $6::jsonb, $7::timestamptz, true
    where not ${isReserved('$2', '$7')}
    on conflict (email) do nothing returning ${managedColumns}`,
};

/** Creates a user without a password. The first code that the user redeems verifies the address. */
export const createUser = (
  ctx: Context,
  actor: Actor,
  { email, firstName = null, lastName = null, role, metadata }: CreateUserInput,
): Promise<ManagedUser> =>
  administer(ctx, actor, [], false, async (tx) => {
    checkMetadataClaim(ctx, metadata ?? {});
    const now = tx.clock.now();
    const data = [email, firstName, lastName, role ?? 'USER', JSON.stringify(metadata ?? {}), now];
    const [user] = await tx.sql.query(insert, [tx.newId(now), ...data]);
    if (!user) throw badUserInput({ email: [USER_EXISTS] });
    record(tx, 'USER_CREATED', user, { role: user.role, by: actor.by });
    return user;
  });
