import { changePassword } from '../../passwords/change-password.ts';
import { forgotPassword } from '../../passwords/forgot-password.ts';
import { resetPassword } from '../../passwords/reset-password.ts';
import { builder } from '../builder.ts';
import { currentViewer } from '../graphql-context.ts';
import { addressInput, changePasswordInput, resetPasswordInput } from '../inputs.ts';
import { Acknowledgement, OtpChallengeType } from './types.ts';

const ForgotPasswordInput = builder.inputType('ForgotPasswordInput', {
  description: 'Where a reset code shall be mailed.',
  validate: { schema: addressInput },
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address of the account.' }),
  }),
});

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'A reset code, and the password to set.',
  validate: { schema: resetPasswordInput },
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address that the code was mailed to.' }),
    otp: t.string({ required: true, description: 'The 6 digits of the code.' }),
    password: t.string({
      required: true,
      description: 'Taken exactly as sent: 8 to 256 characters, no common password.',
    }),
    challengeId: t.id({
      description: 'The request that the code answers; without it, the newest of the address.',
    }),
  }),
});

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The password to set, and the one that it replaces.',
  validate: { schema: changePasswordInput },
  fields: (t) => ({
    currentPassword: t.string({ required: true, description: 'Compared exactly as sent.' }),
    newPassword: t.string({
      required: true,
      description: 'Taken exactly as sent: 8 to 256 characters, no common password.',
    }),
  }),
});

builder.mutationFields((t) => ({
  forgotPassword: t.field({
    description: 'Mails a reset code to the owner of the account, if there is one.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'codeRequests',
    args: {
      input: t.arg({ type: ForgotPasswordInput, required: true, description: 'Whose account.' }),
    },
    resolve: (_root, { input }, ctx) => forgotPassword(ctx, input),
  }),
  resetPassword: t.field({
    description: 'Sets a new password. All sessions and codes of the account end.',
    type: Acknowledgement,
    skipTypeScopes: true,
    limit: 'resets',
    args: {
      input: t.arg({ type: ResetPasswordInput, required: true, description: 'The code.' }),
    },
    resolve: (_root, { input }, ctx) => resetPassword(ctx, input),
  }),
  changePassword: t.field({
    description:
      'Sets a new password. All other sessions and all codes of the account end. Needs an access token.',
    type: Acknowledgement,
    limit: 'passwordChanges',
    args: {
      input: t.arg({ type: ChangePasswordInput, required: true, description: 'The passwords.' }),
    },
    resolve: async (_root, { input }, ctx) => changePassword(ctx, await currentViewer(ctx), input),
  }),
}));
