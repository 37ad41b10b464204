import type { z } from 'zod';
import { registerInput, updateProfileInput } from '../accounts/account-inputs.ts';
import * as users from '../administration/user-inputs.ts';
import type { ErrorCode } from '../errors/auth-error.ts';
import { stepUpInput } from '../own-account/own-account-inputs.ts';
import * as passwords from '../passwords/password-inputs.ts';
import * as sessions from '../sessions/session-inputs.ts';
import { restName } from './field-names.ts';

/** A REST route, as data. It runs one GraphQL operation. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with parameters as `{name}`. */
  readonly path: string;
  /** Status of a success, if it is not 200. */
  readonly status?: 201 | 202;
  /** Name in the OpenAPI document, if it is not that of the GraphQL field. */
  readonly operationId?: string;
  readonly field: string;
  /** The operation: its selection is the response, with aliases for the names of REST. */
  readonly operation: string;
  /** The GraphQL input, whose fields the body contains under their REST names. */
  readonly input?: z.ZodObject;
  /** Message for the response, if the selection has none. */
  readonly detail?: string;
  readonly signedIn?: true;
  /** Whether the route is a list: with page numbers, or with cursors and this filter. */
  readonly paged?: 'byNumber' | z.ZodObject;
  /** Error codes in addition to those of every route of its kind. */
  readonly errorCodes?: readonly ErrorCode[];
}

/** Selects fields under their REST names. */
const select = (fields: string): string =>
  fields.replace(/\w+/g, (field) =>
    restName(field) === field ? field : `${restName(field)}: ${field}`,
  );

const challenge = select('detail expiresIn challengeId');
const tokens = `access: accessToken ${select('refreshToken tokenType expiresIn')}`;
const user = select(
  'id email emailVerified hasPassword firstName lastName role createdAt lastLoginAt',
);
const session = select('id createdAt lastUsedAt expiresAt ipAddress userAgent current');
const managedUser = `${user} ${select('status disabledAt metadata')}`;
const auditEvent = select('id event email ipAddress userAgent metadata createdAt');

const signedIn = { signedIn: true } as const;
const limited = { errorCodes: ['RATE_LIMITED'] } as const;
const mailed = { status: 202, ...limited } as const;
const steppedUp = { errorCodes: ['STEP_UP_REQUIRED', 'RATE_LIMITED'] } as const;
const redeems = { errorCodes: ['INVALID_OTP', 'LOCKED', 'RATE_LIMITED'] } as const;
const opensSession = { detail: 'OTP verified successfully', ...redeems };

/** Runs a mutation with the body of a POST request as its input. */
const post = (path: string, field: string, input: z.ZodObject, selection: string) => ({
  method: 'POST' as const,
  path: `/auth/${path}`,
  field,
  input,
  operation: `mutation ($input: ${input.meta()?.id}!) { ${field}(input: $input) { ${selection} } }`,
});

/** Reads a field of the signed-in account. */
const get = (path: string, field: string, selection: string) => ({
  method: 'GET' as const,
  path,
  field,
  operation: `{ ${field} { ${selection} } }`,
  ...signedIn,
});

const forAdmins = {
  signedIn: true,
  errorCodes: ['FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED'],
} as const;

/** Runs a mutation about the user whose id the path contains. */
const changeUser = (
  action: string,
  field: string,
  input: z.ZodObject,
  selection: string = managedUser,
) => ({
  ...post('', field, input, selection),
  path: `/admin/users/{id}/${action}`,
  ...forAdmins,
});

/** Every REST route (contract §3), in the order of the OpenAPI document. */
export const routes: readonly Route[] = [
  { ...post('register', 'register', registerInput, challenge), status: 201, ...limited },
  {
    ...post('login', 'login', sessions.loginInput, challenge),
    status: 202,
    errorCodes: ['INVALID_CREDENTIALS', 'LOCKED', 'RATE_LIMITED'],
  },
  {
    ...post('login/otp-verify', 'verifyOtp', sessions.verifyOtpInput, tokens),
    ...opensSession,
    operationId: 'verifyLoginOtp',
  },
  { ...post('otp/request', 'requestOtp', sessions.requestOtpInput, challenge), ...mailed },
  { ...post('otp/verify', 'verifyOtp', sessions.verifyOtpInput, tokens), ...opensSession },
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
    errorCodes: ['INVALID_TOKEN', 'RATE_LIMITED'],
  },
  {
    ...post('logout', 'logout', sessions.logoutInput, 'detail'),
    errorCodes: ['UNAUTHENTICATED', 'INVALID_TOKEN'],
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
    ...mailed,
    ...signedIn,
  },
  {
    ...post('step-up', 'stepUp', stepUpInput, select('detail expiresIn')),
    ...redeems,
    ...signedIn,
  },
  {
    ...get('/auth/export', 'exportMyData', ''),
    operation: 'mutation { exportMyData }',
    ...steppedUp,
  },
  get('/auth/me', 'me', user),
  { ...post('profile', 'updateProfile', updateProfileInput, user), method: 'PUT', ...signedIn },
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
    errorCodes: ['NOT_FOUND'],
  },
  {
    ...get('/admin/users', 'users', ''),
    operation: `query ($first: Int, $after: String, $filter: UserFilter) {
      users(first: $first, after: $after, filter: $filter) {
        edges { node { ${managedUser} } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    paged: users.userFilter,
    errorCodes: ['FORBIDDEN'],
  },
  {
    ...post('', 'createUser', users.createUserInput, managedUser),
    path: '/admin/users',
    status: 201,
    ...forAdmins,
    errorCodes: ['FORBIDDEN', 'RATE_LIMITED'],
  },
  {
    ...get('/admin/users/{id}', 'user', ''),
    operation: `query ($id: ID!) { user(id: $id) { ${managedUser} } }`,
    errorCodes: ['FORBIDDEN', 'NOT_FOUND'],
  },
  { ...changeUser('role', 'setUserRole', users.setUserRoleInput), method: 'PUT' },
  { ...changeUser('metadata', 'setUserMetadata', users.setUserMetadataInput), method: 'PUT' },
  changeUser('disable', 'disableUser', users.disableUserInput),
  changeUser('enable', 'enableUser', users.enableUserInput),
  changeUser('unlock', 'unlockUser', users.unlockUserInput),
  changeUser('revoke-sessions', 'revokeUserSessions', users.revokeUserSessionsInput, 'detail ids'),
  changeUser('delete', 'deleteUser', users.deleteUserInput, 'detail'),
  {
    method: 'POST',
    path: '/auth/account/delete',
    field: 'deleteMyAccount',
    operation: 'mutation { deleteMyAccount { detail } }',
    ...signedIn,
    errorCodes: ['STEP_UP_REQUIRED', 'FORBIDDEN'],
  },
];

/** Returns the fields of the body, if there is one: those of the input that are not in the path. */
export function bodyShape({ path, input }: Route): z.ZodObject['shape'] | undefined {
  const all = Object.entries(input?.shape ?? {});
  const fields = all.filter(([name]) => !path.includes(`{${name}}`));
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}
