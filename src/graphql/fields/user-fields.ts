import { countUser, type UserCounts } from '../../administration/count-user.ts';
import { findUser } from '../../administration/find-user.ts';
import { listUsers, type UserPage } from '../../administration/list-users.ts';
import type { ManagedUser } from '../../administration/managed-user.ts';
import { userArguments, userFilter, usersArguments } from '../../administration/user-inputs.ts';
import { type Lock, listLocks } from '../../rate-limits/list-locks.ts';
import { listSessions } from '../../sessions/list-sessions.ts';
import { administered, builder } from '../builder.ts';
import { inputFields } from '../input-type.ts';
import { laggingContext } from '../lagging-context.ts';
import { SessionType } from './session-management-fields.ts';
import { PageInfoType, RoleType, UserStatusType, userFields } from './types.ts';

const LockType = builder.objectRef<Lock>('Lock').implement({
  description: 'A used-up rate limit of an address.',
  fields: (t) => ({
    limit: t.exposeString('limit', {
      description: 'Setting of the limit, such as `LIMIT_WRONG_PASSWORDS`.',
    }),
    subject: t.exposeString('subject', {
      description:
        'Attempts that it concerns: the IP prefix of a client, `unknown` for all unknown clients together, or the purpose of mailed codes, of `known` or `unknown` clients.',
    }),
    unlockIn: t.exposeInt('unlockIn', { description: 'Seconds until the lock ends.' }),
  }),
});

const UserCountsType = builder.objectRef<UserCounts>('UserCounts').implement({
  description: 'Numbers of what belongs to a user.',
  fields: (t) => ({
    sessions: t.exposeInt('sessions', { description: 'Number of active sessions.' }),
    auditEvents: t.exposeInt('auditEvents', {
      description:
        'Number of audit events of the account, and of its address since it was verified. Counting stops at 100,000.',
    }),
  }),
});

export const ManagedUserType = builder.objectRef<ManagedUser>('ManagedUser').implement({
  description: 'A user, as administrators see it.',
  fields: (t) => ({
    ...userFields(t as never),
    status: t.expose('status', {
      type: UserStatusType,
      description: 'Whether the user can sign in.',
    }),
    hasFactor: t.exposeBoolean('hasFactor', {
      description:
        'Whether the user has a second factor. If so, a mailed code alone is not enough to sign in.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time when the user was disabled.',
    }),
    sessions: t.field({
      type: [SessionType],
      description: 'Active sessions, most recently used first.',
      resolve: ({ id }, _args, ctx) => listSessions(ctx, id),
    }),
    locks: t.field({
      type: [LockType],
      nullable: true,
      description:
        'Used-up limits on wrong passwords, wrong codes and mailed codes of the address, which `unlockUser` clears. Null while Redis is unavailable.',
      resolve: ({ email }, _args, ctx) => listLocks(ctx, email),
    }),
    counts: t.field({
      type: UserCountsType,
      description: 'Numbers of sessions and events. Only for one user at a time.',
      extensions: { countsRows: true },
      resolve: (user, _args, ctx) => countUser(ctx, user),
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      description:
        'An object that only administrators write. The user sees it with `exportMyData`.',
    }),
  }),
});

const UserEdge = builder.objectRef<UserPage['rows'][number]>('UserEdge').implement({
  description: 'A user and its cursor.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Cursor for `after`.' }),
    node: t.field({ type: ManagedUserType, description: 'The user.', resolve: (row) => row }),
  }),
});

const UserConnection = builder
  .objectRef<UserPage & { readonly after: string | null | undefined }>('UserConnection')
  .implement({
    description: 'A page of the list of users.',
    fields: (t) => ({
      edges: t.expose('rows', { type: [UserEdge], description: 'The users of the page.' }),
      pageInfo: t.field({
        type: PageInfoType,
        description: 'Pagination information.',
        resolve: ({ rows, hasMore, after }) => ({
          hasNextPage: hasMore,
          hasPreviousPage: after != null,
          startCursor: rows[0]?.cursor ?? null,
          endCursor: rows.at(-1)?.cursor ?? null,
        }),
      }),
    }),
  });

const UserFilterType = builder.inputType('UserFilter', {
  description: userFilter.description ?? '',
  fields: (t) =>
    inputFields(userFilter, (each) => t.field(each), {
      types: { role: RoleType, status: UserStatusType },
    }),
});

builder.queryFields((t) => ({
  users: t.field({
    description:
      'All users: the newest first, or by address if `filter.email` is given. Requires an `ADMIN` or an API key.',
    type: UserConnection,
    nullable: true,
    ...administered('READ'),
    validate: { schema: usersArguments },
    args: inputFields(usersArguments, t.arg, { types: { filter: UserFilterType } }),
    resolve: async (_root, args, ctx) => ({
      ...(await listUsers(await laggingContext(ctx), args)),
      after: args.after,
    }),
  }),
  user: t.field({
    description: 'One user, by id or address. Requires an `ADMIN` or an API key.',
    type: ManagedUserType,
    nullable: true,
    ...administered('READ'),
    validate: { schema: userArguments },
    args: inputFields(userArguments, t.arg),
    resolve: (_root, args, ctx) => findUser(ctx, args),
  }),
}));
