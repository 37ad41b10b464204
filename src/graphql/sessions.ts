import type { OtpChallenge } from '../otp/request.ts';
import { login } from '../sessions/login.ts';
import type { AuthPayload } from '../sessions/open-session.ts';
import { requestOtp } from '../sessions/request-otp.ts';
import { verifyOtp } from '../sessions/verify-otp.ts';
import { builder } from './builder.ts';
import { loginInput, requestOtpInput, verifyOtpInput } from './inputs.ts';
import { UserType } from './types.ts';

const OtpChallengeType = builder.objectRef<OtpChallenge>('OtpChallenge').implement({
  description: 'A code has been mailed, if there is somebody to get it.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'A text for people.' }),
    expiresIn: t.exposeInt('expiresIn', { description: 'Life of the code, in seconds.' }),
    challengeId: t.exposeID('challengeId', {
      description: 'Names this request. Sent back with the code, it keeps guesses of others apart.',
    }),
  }),
});

const AuthPayloadType = builder.objectRef<AuthPayload>('AuthPayload').implement({
  description: 'What a client holds once it is signed in.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'JWT for `Authorization: Bearer`, RFC 9068.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      description: 'Good for one exchange against a new pair.',
    }),
    tokenType: t.exposeString('tokenType', { description: 'Always `Bearer`.' }),
    expiresIn: t.exposeInt('expiresIn', { description: 'Life of the access token, in seconds.' }),
    user: t.expose('user', { type: UserType, description: 'Who is signed in.' }),
  }),
});

const LoginInput = builder.inputType('LoginInput', {
  description: 'An address and its password.',
  validate: { schema: loginInput },
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address of the account.' }),
    password: t.string({ required: true, description: 'Compared exactly as sent.' }),
  }),
});

const RequestOtpInput = builder.inputType('RequestOtpInput', {
  description: 'Where a sign-in code shall be mailed.',
  validate: { schema: requestOtpInput },
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address to sign in with.' }),
  }),
});

const VerifyOtpInput = builder.inputType('VerifyOtpInput', {
  description: 'A sign-in code, to be redeemed.',
  validate: { schema: verifyOtpInput },
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address that the code was mailed to.' }),
    otp: t.string({ required: true, description: 'The 6 digits of the code.' }),
    challengeId: t.id({
      description: 'The request that the code answers; without it, the newest of the address.',
    }),
  }),
});

builder.mutationFields((t) => ({
  login: t.field({
    description: 'Checks the password and mails a sign-in code.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    args: { input: t.arg({ type: LoginInput, required: true, description: 'Who signs in.' }) },
    resolve: (_root, { input }, ctx) => login(ctx, input),
  }),
  requestOtp: t.field({
    description: 'Mails a sign-in code, without a password.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    args: { input: t.arg({ type: RequestOtpInput, required: true, description: 'Who signs in.' }) },
    resolve: (_root, { input }, ctx) => requestOtp(ctx, input),
  }),
  verifyOtp: t.field({
    description: 'Redeems a sign-in code and opens a session.',
    type: AuthPayloadType,
    skipTypeScopes: true,
    args: { input: t.arg({ type: VerifyOtpInput, required: true, description: 'The code.' }) },
    resolve: (_root, { input }, ctx) => verifyOtp(ctx, input),
  }),
}));
