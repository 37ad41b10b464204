import type { z } from 'zod';
import { registerInput, updateProfileInput } from '../accounts/account-inputs.ts';
import type { ErrorCode } from '../errors/auth-error.ts';
import {
  changePasswordInput,
  forgotPasswordInput,
  resetPasswordInput,
} from '../passwords/password-inputs.ts';
import {
  loginInput,
  logoutInput,
  refreshTokensInput,
  requestOtpInput,
  verifyOtpInput,
} from '../sessions/session-inputs.ts';

/** One REST route, as data: it runs one GraphQL operation. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with parameters as `{name}`. */
  readonly path: string;
  readonly status: number;
  /** What it does, in one line. */
  readonly summary: string;
  /** Its name in the OpenAPI document, where another row has that of the GraphQL field. */
  readonly operationId?: string;
  /** Names and nests what the answer shows; its aliases are the names of REST. */
  readonly operation: string;
  /** The rules of the GraphQL input, whose fields the body has under their REST names. */
  readonly input?: z.ZodObject;
  /** The text for people, where the operation has none. */
  readonly detail?: string;
  /** Wants an access token. */
  readonly signedIn?: true;
  /** Answers a page of a list. */
  readonly paged?: true;
  /** How it can refuse, beside what every route can. */
  readonly refusals: readonly ErrorCode[];
}

const challenge = 'detail expires_in: expiresIn challenge_id: challengeId';
const tokens =
  'access: accessToken refresh: refreshToken token_type: tokenType expires_in: expiresIn';
const user = `
  id
  email
  email_verified: emailVerified
  has_password: hasPassword
  first_name: firstName
  last_name: lastName
  role
  created_at: createdAt
  last_login_at: lastLoginAt
`;

const verifyOtp = {
  method: 'POST',
  status: 200,
  summary: 'Redeem a sign-in code',
  input: verifyOtpInput,
  operation: `mutation ($input: VerifyOtpInput!) {
    verifyOtp(input: $input) { ${tokens} }
  }`,
  detail: 'OTP verified successfully',
  refusals: ['INVALID_OTP', 'LOCKED', 'RATE_LIMITED', 'UNAVAILABLE'],
} as const satisfies Partial<Route>;

/** Every REST route (contract §3), in the order of the manual. */
export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/auth/register',
    status: 201,
    summary: 'Register; a code is mailed',
    input: registerInput,
    operation: `mutation ($input: RegisterInput!) { register(input: $input) { ${challenge} } }`,
    refusals: ['RATE_LIMITED', 'UNAVAILABLE'],
  },
  {
    method: 'POST',
    path: '/auth/login',
    status: 202,
    summary: 'Sign in with a password; a code is mailed',
    input: loginInput,
    operation: `mutation ($input: LoginInput!) { login(input: $input) { ${challenge} } }`,
    refusals: ['INVALID_CREDENTIALS', 'LOCKED', 'RATE_LIMITED', 'UNAVAILABLE'],
  },
  { ...verifyOtp, path: '/auth/login/otp-verify', operationId: 'verifyLoginOtp' },
  {
    method: 'POST',
    path: '/auth/otp/request',
    status: 202,
    summary: 'Sign in without a password; a code is mailed',
    input: requestOtpInput,
    operation: `mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { ${challenge} } }`,
    refusals: ['RATE_LIMITED', 'UNAVAILABLE'],
  },
  { ...verifyOtp, path: '/auth/otp/verify' },
  {
    method: 'POST',
    path: '/auth/forgot-password',
    status: 202,
    summary: 'Ask for a reset code',
    input: forgotPasswordInput,
    operation: `mutation ($input: ForgotPasswordInput!) {
      forgotPassword(input: $input) { ${challenge} }
    }`,
    refusals: ['RATE_LIMITED', 'UNAVAILABLE'],
  },
  {
    method: 'POST',
    path: '/auth/password-reset',
    status: 200,
    summary: 'Set a new password with a reset code',
    input: resetPasswordInput,
    operation: `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { detail } }`,
    refusals: ['INVALID_OTP', 'LOCKED', 'RATE_LIMITED', 'UNAVAILABLE'],
  },
  {
    method: 'POST',
    path: '/auth/token/refresh',
    status: 200,
    summary: 'Exchange a refresh token for a new pair',
    input: refreshTokensInput,
    operation: `mutation ($input: RefreshTokensInput!) {
      refreshTokens(input: $input) { ${tokens} }
    }`,
    refusals: ['INVALID_TOKEN', 'RATE_LIMITED', 'UNAVAILABLE'],
  },
  {
    method: 'POST',
    path: '/auth/logout',
    status: 200,
    summary: 'End this session',
    input: logoutInput,
    operation: `mutation ($input: LogoutInput) { logout(input: $input) { detail } }`,
    refusals: ['UNAUTHENTICATED', 'INVALID_TOKEN', 'UNAVAILABLE'],
  },
  {
    method: 'POST',
    path: '/auth/password-change',
    status: 200,
    summary: 'Set a new password; all other sessions end',
    input: changePasswordInput,
    operation: `mutation ($input: ChangePasswordInput!) {
      changePassword(input: $input) { detail }
    }`,
    signedIn: true,
    refusals: ['UNAUTHENTICATED', 'LOCKED', 'RATE_LIMITED', 'UNAVAILABLE'],
  },
  {
    method: 'GET',
    path: '/auth/me',
    status: 200,
    summary: 'The account that is signed in',
    operation: `{ me { ${user} } }`,
    signedIn: true,
    refusals: ['UNAUTHENTICATED', 'UNAVAILABLE'],
  },
  {
    method: 'PUT',
    path: '/auth/profile',
    status: 200,
    summary: 'Change the names of the account',
    input: updateProfileInput,
    operation: `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { ${user} } }`,
    signedIn: true,
    refusals: ['UNAUTHENTICATED', 'UNAVAILABLE'],
  },
  {
    method: 'GET',
    path: '/auth/sessions',
    status: 200,
    summary: 'The live sessions of the account',
    operation: `{
      sessions {
        id
        created_at: createdAt
        last_used_at: lastUsedAt
        expires_at: expiresAt
        ip_address: ipAddress
        user_agent: userAgent
        current
      }
    }`,
    signedIn: true,
    refusals: ['UNAUTHENTICATED', 'UNAVAILABLE'],
  },
  {
    method: 'DELETE',
    path: '/auth/sessions/{id}',
    status: 200,
    summary: 'End one session',
    operation: `mutation ($id: ID!) { revokeSession(input: { id: $id }) { detail ids } }`,
    signedIn: true,
    refusals: ['UNAUTHENTICATED', 'NOT_FOUND', 'UNAVAILABLE'],
  },
  {
    method: 'POST',
    path: '/auth/sessions/revoke-others',
    status: 200,
    summary: 'End all sessions but this one',
    operation: `mutation { revokeOtherSessions { detail ids } }`,
    signedIn: true,
    refusals: ['UNAUTHENTICATED', 'UNAVAILABLE'],
  },
  {
    method: 'GET',
    path: '/audit/logs',
    status: 200,
    summary: 'The audit log, newest first',
    operation: `query ($first: Int!, $offset: Int, $filter: AuditLogFilter) {
      auditLogs(first: $first, offset: $offset, filter: $filter) {
        count: totalCount
        edges {
          node {
            id
            event
            email
            ip_address: ipAddress
            user_agent: userAgent
            metadata
            created_at: createdAt
          }
        }
      }
    }`,
    signedIn: true,
    paged: true,
    refusals: ['UNAUTHENTICATED', 'NOT_FOUND', 'UNAVAILABLE'],
  },
];
