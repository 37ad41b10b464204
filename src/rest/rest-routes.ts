import { registerInput, updateProfileInput } from '../accounts/account-inputs.ts';
import * as own from '../own-account/own-account-inputs.ts';
import * as passwords from '../passwords/password-inputs.ts';
import * as sessions from '../sessions/session-inputs.ts';
import { adminRoutes } from './admin-routes.ts';
import { factorRoutes } from './factor-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import {
  enrolling,
  get,
  opensSession,
  post,
  type Route,
  reads,
  redeems,
  select,
  session,
  signedIn,
  steppedUp,
  tokens,
  user,
} from './route.ts';
import { trustedDeviceRoutes } from './trusted-device-routes.ts';

const challenge = select('detail expiresIn challengeId');
const auditEvent = select('id event email ipAddress userAgent metadata createdAt');

const limited = { errorCodes: ['RATE_LIMITED'] } as const;
const mailed = { status: 202, ...limited } as const;
const redeemsSignIn = {
  ...opensSession,
  errorCodes: [...opensSession.errorCodes, 'MFA_REQUIRED'],
} as const;

/** Every REST route, in the order of the OpenAPI document. */
export const routes: readonly Route[] = [
  { ...post('register', 'register', registerInput, challenge), status: 201, ...limited },
  {
    ...post('login', 'login', sessions.loginInput, challenge),
    status: 202,
    errorCodes: ['INVALID_CREDENTIALS', 'LOCKED', 'RATE_LIMITED'],
  },
  {
    ...post('login/otp-verify', 'verifyOtp', sessions.verifyOtpInput, tokens),
    ...redeemsSignIn,
    operationId: 'verifyLoginOtp',
  },
  { ...post('otp/request', 'requestOtp', sessions.requestOtpInput, challenge), ...mailed },
  { ...post('otp/verify', 'verifyOtp', sessions.verifyOtpInput, tokens), ...redeemsSignIn },
  {
    ...post('forgot-password', 'forgotPassword', passwords.forgotPasswordInput, challenge),
    ...mailed,
  },
  {
    ...post('password-reset', 'resetPassword', passwords.resetPasswordInput, 'detail'),
    ...redeems,
  },
  {
    ...post('token/refresh', 'refreshTokens', sessions.refreshTokensInput, tokens),
    errorCodes: ['INVALID_TOKEN', 'FORBIDDEN', 'RATE_LIMITED'],
  },
  {
    ...post('logout', 'logout', sessions.logoutInput, 'detail'),
    errorCodes: ['UNAUTHENTICATED', 'INVALID_TOKEN', 'FORBIDDEN'],
  },
  {
    ...post('password-change', 'changePassword', passwords.changePasswordInput, 'detail'),
    ...signedIn,
    errorCodes: ['LOCKED', 'RATE_LIMITED'],
  },
  {
    method: 'POST',
    path: '/auth/step-up/request',
    field: 'requestStepUp',
    operation: `mutation { requestStepUp { ${challenge} } }`,
    status: 202,
    ...enrolling,
    ...steppedUp,
  },
  {
    ...post('step-up', 'stepUp', own.stepUpInput, select('detail expiresIn')),
    ...enrolling,
    errorCodes: [...redeems.errorCodes, 'STEP_UP_REQUIRED'],
  },
  ...factorRoutes,
  {
    ...get('/auth/export', 'exportMyData', ''),
    operation: 'mutation { exportMyData }',
    ...steppedUp,
  },
  { ...get('/auth/me', 'me', user), ...enrolling },
  { ...post('profile', 'updateProfile', updateProfileInput, user), method: 'PUT', ...signedIn },
  ...passkeyRoutes,
  ...trustedDeviceRoutes,
  get('/auth/sessions', 'sessions', session),
  {
    method: 'DELETE',
    path: '/auth/sessions/{id}',
    field: 'revokeSession',
    operation: 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { detail ids } }',
    ...signedIn,
    errorCodes: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/auth/sessions/revoke-others',
    field: 'revokeOtherSessions',
    operation: 'mutation { revokeOtherSessions { detail ids } }',
    ...signedIn,
  },
  {
    ...get('/audit/logs', 'auditLogs', ''),
    operation: `query (
      $first: Int, $offset: Int, $after: String, $last: Int, $before: String, $filter: AuditLogFilter
    ) {
      auditLogs(
        first: $first, offset: $offset, after: $after, last: $last, before: $before, filter: $filter
      ) {
        count: totalCount
        edges { node { ${auditEvent} } }
        isCapped: totalCountCapped
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    paged: 'byNumber',
    ...reads,
    errorCodes: ['NOT_FOUND'],
  },
  ...adminRoutes,
  {
    ...post('email-change', 'changeEmail', own.changeEmailInput, challenge),
    ...mailed,
    ...signedIn,
    ...steppedUp,
  },
  {
    ...post('email-change/confirm', 'confirmEmailChange', own.confirmEmailChangeInput, 'detail'),
    ...redeems,
    ...signedIn,
  },
  {
    ...post('email-change/undo', 'undoEmailChange', own.undoEmailChangeInput, 'detail'),
    errorCodes: ['INVALID_OTP', 'RATE_LIMITED'],
  },
  {
    method: 'POST',
    path: '/auth/account/delete',
    field: 'deleteMyAccount',
    operation: 'mutation { deleteMyAccount { detail } }',
    ...signedIn,
    errorCodes: ['STEP_UP_REQUIRED', 'FORBIDDEN'],
  },
];
