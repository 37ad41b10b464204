import type { z } from 'zod';
import * as users from '../administration/user-inputs.ts';
import * as keys from '../api-keys/api-key-inputs.ts';
import {
  forAdmins,
  get,
  post,
  type Route,
  reads,
  select,
  session,
  signedIn,
  steppedUp,
  user,
} from './route.ts';
import { webhookRoutes } from './webhook-routes.ts';

const managedUser = `${user} ${select('hasFactor status disabledAt metadata')}`;
const details = `sessions { ${session} } ${select('locks { limit subject unlockIn }')}
  ${select('counts { sessions auditEvents }')}`;
const apiKey = select('id name scope start createdAt createdBy expiresAt lastUsedAt');
const count = 'event since count';
const failed = select('id kind outcome attempts createdAt lastError');
const signingKey = select('kid alg state createdAt signsFrom verifiesUntil');

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

/** REST routes of administrators, in the order of the OpenAPI document. */
export const adminRoutes: readonly Route[] = [
  {
    ...get('/admin/users', 'users', ''),
    operation: `query ($first: Int, $after: String, $filter: UserFilter) {
      users(first: $first, after: $after, filter: $filter) {
        edges { node { ${managedUser} } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    paged: users.userFilter,
    ...reads,
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
    operation: `query ($id: ID!) { user(id: $id) { ${managedUser} ${details} } }`,
    ...reads,
    errorCodes: ['FORBIDDEN', 'NOT_FOUND'],
  },
  { ...changeUser('role', 'setUserRole', users.setUserRoleInput), method: 'PUT' },
  { ...changeUser('metadata', 'setUserMetadata', users.setUserMetadataInput), method: 'PUT' },
  changeUser('disable', 'disableUser', users.disableUserInput),
  changeUser('enable', 'enableUser', users.enableUserInput),
  changeUser('unlock', 'unlockUser', users.unlockUserInput),
  changeUser(
    'reset-factors',
    'resetUserFactors',
    users.resetUserFactorsInput,
    select('detail dueAt'),
  ),
  changeUser('revoke-sessions', 'revokeUserSessions', users.revokeUserSessionsInput, 'detail ids'),
  changeUser('delete', 'deleteUser', users.deleteUserInput, 'detail'),
  { ...get('/admin/api-keys', 'apiKeys', apiKey), errorCodes: ['FORBIDDEN'] },
  {
    ...post('', 'createApiKey', keys.createApiKeyInput, `${apiKey} key`),
    path: '/admin/api-keys',
    status: 201,
    ...signedIn,
    errorCodes: ['FORBIDDEN', ...steppedUp.errorCodes],
  },
  {
    method: 'DELETE',
    path: '/admin/api-keys/{id}',
    field: 'revokeApiKey',
    operation: 'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { detail } }',
    ...signedIn,
    errorCodes: forAdmins.errorCodes,
  },
  {
    ...get('/admin/event-counts', 'eventCounts', `hours { ${count} } days { ${count} }`),
    errorCodes: ['FORBIDDEN'],
  },
  {
    ...get('/admin/outbox', 'outbox', `waiting { kind count oldest } failed { ${failed} }`),
    errorCodes: ['FORBIDDEN'],
  },
  { ...get('/admin/signing-keys', 'signingKeys', signingKey), errorCodes: ['FORBIDDEN'] },
  ...webhookRoutes,
];
