import { registerInput, updateProfileInput } from '../../accounts/account-inputs.ts';
import { register } from '../../accounts/register.ts';
import { updateProfile } from '../../accounts/update-profile.ts';
import { builder, enrolling } from '../builder.ts';
import { currentViewer, viewerOf } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { OtpChallengeType, UserType } from './types.ts';

builder.mutationFields((t) => ({
  register: t.field({
    description:
      'Creates an account and mails a sign-in code. To sign in, redeem the code with `verifyOtp` and the `challengeId`. If the address has an account, the response is the same and its owner gets a notice instead of a code.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'registrations',
    args: inputArg(t, registerInput),
    resolve: (_root, { input }, ctx) => register(ctx, input),
  }),
  updateProfile: t.field({
    description:
      'Changes names and language of the signed-in account. Omitted fields stay unchanged; `null` removes a value. Requires an access token.',
    type: UserType,
    // Checks no secret and sends no mail.
    limit: 'none',
    args: inputArg(t, updateProfileInput),
    resolve: async (_root, { input }, ctx) => updateProfile(ctx, await currentViewer(ctx), input),
  }),
}));

builder.queryField('me', (t) =>
  t.field({
    ...enrolling,
    description: 'The signed-in account.',
    type: UserType,
    nullable: true,
    resolve: async (_root, _args, ctx) => (await viewerOf(ctx)).user,
  }),
);
