import { register } from '../accounts/register.ts';
import { builder } from './builder.ts';
import { registerInput } from './inputs.ts';
import { viewerOf } from './request-context.ts';
import { Acknowledgement, UserType } from './types.ts';

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
      'Makes an account. The answer is the same for a taken address; its owner is told by mail.',
    type: Acknowledgement,
    skipTypeScopes: true,
    args: { input: t.arg({ type: RegisterInput, required: true, description: 'The account.' }) },
    resolve: (_root, { input }, ctx) => register(ctx, input),
  }),
);

builder.queryField('me', (t) =>
  t.field({
    description: 'The account that is signed in.',
    type: UserType,
    resolve: async (_root, _args, ctx) => (await viewerOf(ctx)).user,
  }),
);
