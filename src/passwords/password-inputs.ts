import { z } from 'zod';
import { givenPassword, newPassword, rejectWeakPassword } from '../accounts/account-inputs.ts';
import { address as email } from '../accounts/email-address.ts';
import { challengeId, otp } from '../challenges/challenge-inputs.ts';

export const forgotPasswordInput = z
  .object({ email })
  .meta({ id: 'ForgotPasswordInput', description: 'The address that receives the reset code.' });

export type ForgotPasswordInput = z.infer<typeof forgotPasswordInput>;

export const resetPasswordInput = z
  .object({
    email,
    otp,
    password: newPassword.meta({ examples: ['amber-compass-91'] }),
    challengeId,
  })
  .check(rejectWeakPassword)
  .meta({ id: 'ResetPasswordInput', description: 'The reset code and the new password.' });

export type ResetPasswordInput = z.infer<typeof resetPasswordInput>;

/** Only the use case knows the address, so it checks the new password. */
export const changePasswordInput = z
  .object({
    currentPassword: givenPassword.meta({ examples: ['amber-compass-91'] }),
    newPassword: newPassword.meta({ examples: ['candle-harbour-58'] }),
  })
  .meta({ id: 'ChangePasswordInput', description: 'The current password and the new one.' });

export type ChangePasswordInput = z.infer<typeof changePasswordInput>;
