import { changePassword } from '../../passwords/change-password.ts';
import { forgotPassword } from '../../passwords/forgot-password.ts';
import {
  changePasswordInput,
  forgotPasswordInput,
  resetPasswordInput,
} from '../../passwords/password-inputs.ts';
import { resetPassword } from '../../passwords/reset-password.ts';
import { builder } from '../builder.ts';
import { currentViewer } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { Acknowledgement, OtpChallengeType } from './types.ts';

builder.mutationFields((t) => ({
  forgotPassword: t.field({
    description:
      'Mails a reset code if the address has an account. The response does not reveal whether it does. The code only resets the password; it does not sign in.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'codeRequests',
    args: inputArg(t, forgotPasswordInput),
    resolve: (_root, { input }, ctx) => forgotPassword(ctx, input),
  }),
  resetPassword: t.field({
    description:
      'Redeems a reset code and sets a new password. Ends all sessions and invalidates all codes of the account. To get tokens, sign in with the new password.',
    type: Acknowledgement,
    skipTypeScopes: true,
    limit: 'resets',
    comparesSecret: true,
    args: inputArg(t, resetPasswordInput),
    resolve: (_root, { input }, ctx) => resetPassword(ctx, input),
  }),
  changePassword: t.field({
    description:
      'Sets a new password. Ends all other sessions and invalidates all codes of the account. Requires an access token.',
    type: Acknowledgement,
    limit: 'passwordChanges',
    comparesSecret: true,
    args: inputArg(t, changePasswordInput),
    resolve: async (_root, { input }, ctx) => changePassword(ctx, await currentViewer(ctx), input),
  }),
}));
