import { login } from '../../sessions/login.ts';
import { logout } from '../../sessions/logout.ts';
import { refreshTokens } from '../../sessions/refresh-tokens.ts';
import { requestOtp } from '../../sessions/request-otp.ts';
import {
  loginInput,
  logoutInput,
  refreshTokensInput,
  requestOtpInput,
  verifyOtpInput,
} from '../../sessions/session-inputs.ts';
import { verifyOtp } from '../../sessions/verify-otp.ts';
import { builder } from '../builder.ts';
import {
  type ReturnedTokens,
  refreshWithCookie,
  signInWithCookie,
  takeToken,
} from '../cookie-sessions.ts';
import { currentViewer } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { Acknowledgement, OtpChallengeType, UserType } from './types.ts';

export const AuthPayloadType = builder.objectRef<ReturnedTokens>('AuthPayload').implement({
  description: 'Tokens of a new or refreshed session.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'JWT (RFC 9068) for the `Authorization: Bearer` header.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      nullable: true,
      description:
        'Refresh token. Use it once with `refreshTokens`. Null in cookie mode, and only then.',
    }),
    tokenType: t.exposeString('tokenType', { description: 'Always `Bearer`.' }),
    expiresIn: t.exposeInt('expiresIn', {
      description: 'Lifetime of the access token in seconds.',
    }),
    user: t.expose('user', { type: UserType, description: 'The signed-in account.' }),
  }),
});

builder.mutationFields((t) => ({
  login: t.field({
    description: 'Checks the password and mails a sign-in code.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'logins',
    comparesSecret: true,
    args: inputArg(t, loginInput),
    resolve: (_root, { input }, ctx) => login(ctx, input),
  }),
  requestOtp: t.field({
    description:
      'Mails a sign-in code. No password is needed. The response does not reveal whether the address has an account.',
    type: OtpChallengeType,
    skipTypeScopes: true,
    limit: 'codeRequests',
    args: inputArg(t, requestOtpInput),
    resolve: (_root, { input }, ctx) => requestOtp(ctx, input),
  }),
  verifyOtp: t.field({
    description:
      'Redeems a sign-in code and opens a session. Creates an account if none exists for the address. An account with a second factor gets `MFA_REQUIRED` instead, and `verifyFactor` completes the sign-in, unless this is a trusted device of the account. With the header `Gatehouse-Session: cookie`, a cookie keeps the refresh token.',
    type: AuthPayloadType,
    skipTypeScopes: true,
    limit: 'verifications',
    comparesSecret: true,
    args: inputArg(t, verifyOtpInput),
    resolve: (_root, { input }, ctx) =>
      signInWithCookie(ctx, () => verifyOtp(ctx, input, ctx.deviceCookie)),
  }),
  refreshTokens: t.field({
    description:
      'Exchanges a refresh token for a new pair of tokens. With the header `Gatehouse-Session: cookie`, the refresh token is in a cookie.',
    type: AuthPayloadType,
    skipTypeScopes: true,
    limit: 'refreshes',
    args: inputArg(t, refreshTokensInput),
    resolve: (_root, { input }, ctx) =>
      refreshWithCookie(ctx, input.refreshToken, (refreshToken) =>
        refreshTokens(ctx, { refreshToken }),
      ),
  }),
  logout: t.field({
    description:
      'Ends a session. If the access token has expired, send the refresh token; no access token is needed then. In cookie mode, removes the cookie, even if the session cannot be ended now.',
    type: Acknowledgement,
    skipTypeScopes: true,
    // Ends a session and sends no mail; a refresh token cannot be guessed.
    limit: 'none',
    args: inputArg(t, logoutInput, { optional: true }),
    resolve: async (_root, { input }, ctx) => {
      const refreshToken = takeToken(ctx, input?.refreshToken);
      const viewer = refreshToken == null ? await currentViewer(ctx) : undefined;
      return logout(ctx, viewer, { refreshToken });
    },
  }),
}));
