import { login } from '../../sessions/login.ts';
import { logout } from '../../sessions/logout.ts';
import { refreshTokens } from '../../sessions/refresh-tokens.ts';
import { requestOtp } from '../../sessions/request-otp.ts';
import type { AuthPayload } from '../../sessions/token-pair.ts';
import { verifyOtp } from '../../sessions/verify-otp.ts';
import { builder } from '../builder.ts';
import { currentViewer } from '../graphql-context.ts';
import {
  addressInput,
  loginInput,
  logoutInput,
  refreshTokensInput,
  verifyOtpInput,
} from '../inputs.ts';
import { Acknowledgement, OtpChallengeType, UserType } from './types.ts';

const AuthPayloadType = builder.objectRef<AuthPayload>('AuthPayload').implement({
  description: 'What a client holds once it is signed in.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'JWT for `Authorization: Bearer`, RFC 9068.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      nullable: true,
      description: 'Can be exchanged once for a new pair. Currently never null.',
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
  validate: { schema: addressInput },
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

const RefreshTokensInput = builder.inputType('RefreshTokensInput', {
  description: 'A refresh token, to be exchanged.',
  validate: { schema: refreshTokensInput },
  fields: (t) => ({
    refreshToken: t.string({
      description:
        'The newest refresh token. Currently required. If the answer was lost, send it again before you use another.',
    }),
  }),
});

const LogoutInput = builder.inputType('LogoutInput', {
  description: 'Which session ends.',
  validate: { schema: logoutInput },
  fields: (t) => ({
    refreshToken: t.string({
      description: 'Of the session that ends; without it, that of the access token.',
    }),
  }),
});

builder.mutationFields((t) => ({
  login: t.field({
    description: 'Checks the password and mails a sign-in code.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'logins',
    args: { input: t.arg({ type: LoginInput, required: true, description: 'Who signs in.' }) },
    resolve: (_root, { input }, ctx) => login(ctx, input),
  }),
  requestOtp: t.field({
    description: 'Mails a sign-in code, without a password.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'codeRequests',
    args: { input: t.arg({ type: RequestOtpInput, required: true, description: 'Who signs in.' }) },
    resolve: (_root, { input }, ctx) => requestOtp(ctx, input),
  }),
  verifyOtp: t.field({
    description:
      'Redeems a sign-in code and opens a session. For an address without an account it makes one.',
    type: AuthPayloadType,
    skipTypeScopes: true,
    limit: 'verifications',
    args: { input: t.arg({ type: VerifyOtpInput, required: true, description: 'The code.' }) },
    resolve: (_root, { input }, ctx) => verifyOtp(ctx, input),
  }),
  refreshTokens: t.field({
    description: 'Exchanges a refresh token for a new pair of tokens.',
    type: AuthPayloadType,
    skipTypeScopes: true,
    limit: 'refreshes',
    args: {
      input: t.arg({ type: RefreshTokensInput, required: true, description: 'The token.' }),
    },
    // The input's validation requires the token, although its type is nullable.
    resolve: (_root, { input }, ctx) => refreshTokens(ctx, refreshTokensInput.parse(input)),
  }),
  logout: t.field({
    description: 'Ends a session; works with the refresh token alone when the access token is old.',
    type: Acknowledgement,
    skipTypeScopes: true,
    args: { input: t.arg({ type: LogoutInput, description: 'Which session.' }) },
    resolve: async (_root, { input }, ctx) => {
      const viewer = input?.refreshToken == null ? await currentViewer(ctx) : undefined;
      return logout(ctx, viewer, input ?? {});
    },
  }),
}));
