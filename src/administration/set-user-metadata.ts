import { checkMetadataClaim } from '../accounts/metadata-claim.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import type { Statement } from '../ports/sql.ts';
import type { Actor } from './actor.ts';
import { changeUser } from './change-user.ts';
import type { ManagedUser } from './managed-user.ts';
import type { SetUserMetadataInput } from './user-inputs.ts';

const setMetadata: Statement<Pick<ManagedUser, 'metadata'>> = {
  name: 'set-metadata',
  text: 'update accounts set metadata = $2 where id = $1 returning metadata',
};

/** Replaces the metadata of a user. */
export const setUserMetadata = (
  ctx: Context,
  actor: Actor,
  { id, metadata }: SetUserMetadataInput,
): Promise<ManagedUser> =>
  changeUser(ctx, actor, { id }, false, async (tx, user) => {
    checkMetadataClaim(ctx, metadata);
    const [stored] = await tx.sql.query(setMetadata, [user.id, JSON.stringify(metadata)]);
    record(tx, 'PROFILE_UPDATED', user, { fields: ['metadata'], by: actor.by });
    return { ...user, ...stored };
  });
