import { register } from '../../accounts/register.ts';
import { updateProfile } from '../../accounts/update-profile.ts';
import { builder } from '../builder.ts';
import { currentViewer, viewerOf } from '../graphql-context.ts';
import { registerInput, updateProfileInput } from '../inputs.ts';
import { OtpChallengeType, UserType } from './types.ts';

const RegisterInput = builder.inputType('RegisterInput', {
  description: 'A new account.',
  validate: { schema: registerInput },
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address that codes are mailed to.' }),
    password: t.string({
      required: true,
      description: 'Taken exactly as sent: 8 to 256 characters, no common password.',
    }),
    firstName: t.string({ description: 'At most 150 characters.' }),
    lastName: t.string({ description: 'At most 150 characters.' }),
  }),
});

builder.mutationField('register', (t) =>
  t.field({
    description:
      'Creates an account and mails a sign-in code. To sign in, redeem the code with `verifyOtp` and the `challengeId`. The answer is the same for a taken address, whose owner gets a notice instead of a code.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'registrations',
    args: { input: t.arg({ type: RegisterInput, required: true, description: 'The account.' }) },
    resolve: (_root, { input }, ctx) => register(ctx, input),
  }),
);

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What changes: an absent name stays as it is, `null` clears it.',
  validate: { schema: updateProfileInput },
  fields: (t) => ({
    firstName: t.string({ description: 'At most 150 characters.' }),
    lastName: t.string({ description: 'At most 150 characters.' }),
  }),
});

builder.mutationField('updateProfile', (t) =>
  t.field({
    description: 'Changes the names of the account that is signed in. Needs an access token.',
    type: UserType,
    args: { input: t.arg({ type: UpdateProfileInput, required: true, description: 'The names.' }) },
    resolve: async (_root, { input }, ctx) => updateProfile(ctx, await currentViewer(ctx), input),
  }),
);

builder.queryField('me', (t) =>
  t.field({
    description: 'The account that is signed in.',
    type: UserType,
    nullable: true,
    resolve: async (_root, _args, ctx) => (await viewerOf(ctx)).user,
  }),
);
