import { z } from 'zod';
import { givenPassword } from '../accounts/account-inputs.ts';
import { address as email } from '../accounts/email-address.ts';
import { ownId } from '../accounts/own-id.ts';
import { challengeId, otp } from '../challenges/challenge-inputs.ts';

export const loginInput = z
  .object({ email, password: givenPassword })
  .meta({ id: 'LoginInput', description: 'E-mail address and password.' });

export type LoginInput = z.infer<typeof loginInput>;

export const requestOtpInput = z
  .object({ email })
  .meta({ id: 'RequestOtpInput', description: 'The address that receives the sign-in code.' });

export type RequestOtpInput = z.infer<typeof requestOtpInput>;

export const verifyOtpInput = z
  .object({ email, otp, challengeId })
  .meta({ id: 'VerifyOtpInput', description: 'The sign-in code to redeem.' });

export type VerifyOtpInput = z.infer<typeof verifyOtpInput>;

/** Far longer than any token that is issued. */
const refreshToken = z
  .string()
  .max(4096, { error: 'Not a valid refresh token.' })
  .meta({ examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6InJ0K2p3dCJ9.e30.c2lnbmF0dXJl'] });

export const refreshTokensInput = z
  .object({
    refreshToken: refreshToken.nullish().meta({
      description:
        'The newest refresh token. Required, except in cookie mode. If you did not receive the response, send the same token again.',
    }),
  })
  .meta({ id: 'RefreshTokensInput', description: 'The refresh token to exchange.' });

export const logoutInput = z
  .object({
    refreshToken: refreshToken.nullish().meta({
      description:
        'A refresh token of the session to end. If it is missing, the session of the cookie ends in cookie mode, or else that of the access token.',
    }),
  })
  .meta({ id: 'LogoutInput', description: 'The session to end.' });

export type LogoutInput = z.infer<typeof logoutInput>;

export const revokeSessionInput = z
  .object({
    id: ownId('Not a valid session ID.').meta({
      description: 'The `id` of one of your sessions.',
      examples: ['019aab2c-5f41-7d86-9b02-e6714ac8d35f'],
    }),
  })
  .meta({ id: 'RevokeSessionInput', description: 'The session to end.' });

export type RevokeSessionInput = z.infer<typeof revokeSessionInput>;
