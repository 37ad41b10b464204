import { type Actor, actorOf } from '../../administration/actor.ts';
import { disableUser, enableUser } from '../../administration/disable-user.ts';
import type { ManagedUser } from '../../administration/managed-user.ts';
import { disableUserInput, enableUserInput } from '../../administration/user-inputs.ts';
import { builder } from '../builder.ts';
import { currentViewer, type RequestContext } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { ManagedUserType } from './user-fields.ts';

const currentActor = async (ctx: RequestContext): Promise<Actor> =>
  actorOf(await currentViewer(ctx));

const shared = { authScopes: { admin: true }, limit: 'administration' } as const;

builder.mutationFields((t) => ({
  disableUser: t.field({
    description:
      'Disables a user: ends all sessions and codes, and refuses the account from the next request on. Requires an `ADMIN`; the last one cannot be disabled.',
    type: ManagedUserType,
    ...shared,
    args: inputArg(t, disableUserInput),
    resolve: async (_root, { input }, ctx): Promise<ManagedUser> =>
      disableUser(ctx, await currentActor(ctx), input),
  }),
  enableUser: t.field({
    description: 'Enables a disabled user, who then has to sign in. Requires an `ADMIN`.',
    type: ManagedUserType,
    ...shared,
    args: inputArg(t, enableUserInput),
    resolve: async (_root, { input }, ctx): Promise<ManagedUser> =>
      enableUser(ctx, await currentActor(ctx), input),
  }),
}));
