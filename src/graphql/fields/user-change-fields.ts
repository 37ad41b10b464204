import { createUser } from '../../administration/create-user.ts';
import { deleteUser } from '../../administration/delete-user.ts';
import { disableUser, enableUser } from '../../administration/disable-user.ts';
import { type FactorReset, resetUserFactors } from '../../administration/reset-user-factors.ts';
import { revokeUserSessions } from '../../administration/revoke-user-sessions.ts';
import { setUserMetadata } from '../../administration/set-user-metadata.ts';
import { setUserRole } from '../../administration/set-user-role.ts';
import { unlockUser } from '../../administration/unlock-user.ts';
import * as inputs from '../../administration/user-inputs.ts';
import { administered, builder } from '../builder.ts';
import { currentActor } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { RevokedSessionsType } from './session-management-fields.ts';
import { Acknowledgement, RoleType } from './types.ts';
import { ManagedUserType } from './user-fields.ts';

const forAdmins = { ...administered('WRITE'), limit: 'administration' } as const;
const changesUser = { type: ManagedUserType, ...forAdmins };
const withRole = { types: { role: RoleType } };

const FactorResetType = builder.objectRef<FactorReset>('FactorReset').implement({
  description: 'A requested removal of all second factors of a user.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'Human-readable message. Do not parse it.' }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      description: 'From then on, a mailed code signs in again.',
    }),
  }),
});

builder.mutationFields((t) => ({
  createUser: t.field({
    description:
      'Creates a user without a password and mails nothing. The first code that the user redeems verifies the address. Requires an `ADMIN` or an API key.',
    ...changesUser,
    args: inputArg(t, inputs.createUserInput, withRole),
    resolve: async (_root, { input }, ctx) => createUser(ctx, await currentActor(ctx), input),
  }),
  setUserRole: t.field({
    description:
      'Changes the role of a user from the next request on. Requires an `ADMIN` or an API key; the last one cannot become a `USER`.',
    ...changesUser,
    args: inputArg(t, inputs.setUserRoleInput, withRole),
    resolve: async (_root, { input }, ctx) => setUserRole(ctx, await currentActor(ctx), input),
  }),
  setUserMetadata: t.field({
    description: 'Replaces the metadata of a user. Requires an `ADMIN` or an API key.',
    ...changesUser,
    args: inputArg(t, inputs.setUserMetadataInput),
    resolve: async (_root, { input }, ctx) => setUserMetadata(ctx, await currentActor(ctx), input),
  }),
  disableUser: t.field({
    description:
      'Disables a user: ends all sessions and codes, and refuses the account from the next request on. Requires an `ADMIN` or an API key; the last one cannot be disabled.',
    ...changesUser,
    args: inputArg(t, inputs.disableUserInput),
    resolve: async (_root, { input }, ctx) => disableUser(ctx, await currentActor(ctx), input),
  }),
  enableUser: t.field({
    description:
      'Enables a disabled user, who then has to sign in. Requires an `ADMIN` or an API key.',
    ...changesUser,
    args: inputArg(t, inputs.enableUserInput),
    resolve: async (_root, { input }, ctx) => enableUser(ctx, await currentActor(ctx), input),
  }),
  unlockUser: t.field({
    description:
      'Clears the failed attempts and the counted mails of the address, so that a locked-out user can try again. Requires an `ADMIN` or an API key.',
    ...changesUser,
    args: inputArg(t, inputs.unlockUserInput),
    resolve: async (_root, { input }, ctx) => unlockUser(ctx, await currentActor(ctx), input),
  }),
  resetUserFactors: t.field({
    description:
      'Requests the removal of all second factors of a user who has lost them. It takes effect with the first sign-in after `FACTOR_RESET_HOURS`. The user gets a mail with a link that cancels it; a sign-in with a factor cancels it too. Requires an `ADMIN` or an API key.',
    type: FactorResetType,
    ...forAdmins,
    args: inputArg(t, inputs.resetUserFactorsInput),
    resolve: async (_root, { input }, ctx) => resetUserFactors(ctx, await currentActor(ctx), input),
  }),
  revokeUserSessions: t.field({
    description: 'Ends all sessions of a user. Requires an `ADMIN` or an API key.',
    type: RevokedSessionsType,
    ...forAdmins,
    args: inputArg(t, inputs.revokeUserSessionsInput),
    resolve: async (_root, { input }, ctx) =>
      revokeUserSessions(ctx, await currentActor(ctx), input),
  }),
  deleteUser: t.field({
    description:
      'Deletes a user with all sessions and personal data. The audit log keeps the events under a pseudonym. Requires an `ADMIN` or an API key; the last one cannot be deleted.',
    type: Acknowledgement,
    ...forAdmins,
    args: inputArg(t, inputs.deleteUserInput),
    resolve: async (_root, { input }, ctx) => deleteUser(ctx, await currentActor(ctx), input),
  }),
}));
