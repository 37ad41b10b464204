import { Option } from 'commander';
import { roles, userStatuses } from '../accounts/account.entity.ts';
import { operator } from '../administration/actor.ts';
import { countUser } from '../administration/count-user.ts';
import { listUsers } from '../administration/list-users.ts';
import type { ManagedUser } from '../administration/managed-user.ts';
import { revokeUserSessions } from '../administration/revoke-user-sessions.ts';
import { userFilter, usersArguments } from '../administration/user-inputs.ts';
import type { Context } from '../context.ts';
import { listLocks } from '../rate-limits/list-locks.ts';
import { listSessions } from '../sessions/list-sessions.ts';
import { withRuntime } from './command-config.ts';
import {
  checkArguments,
  type Define,
  type Output,
  printing,
  tableOf,
  timeOf,
} from './command-line.ts';
import { defineChanges } from './user-changes.ts';
import { type Open, resolveUser, USER, userOutput } from './user-output.ts';

interface ListOptions {
  readonly email?: string;
  readonly role?: string;
  readonly status?: string;
  readonly createdFrom?: string;
  readonly createdTo?: string;
  readonly first: string;
  readonly after?: string;
}

export const define: Define = (users, terminal) => {
  const open: Open = (work) => withRuntime(terminal, 'users', work);

  const listing = users
    .command('list')
    .description('Lists users: the newest first, or by address with --email.')
    .option('--email <prefix>', 'only addresses that begin with this text')
    .addOption(new Option('--role <role>', 'only users with this role').choices(roles))
    .addOption(new Option('--status <status>', 'only with this status').choices(userStatuses))
    .option('--created-from <date>', 'only users created at or after this date or time')
    .option('--created-to <date>', 'only users created at or before this date or time')
    .option('--first <number>', 'number of users, at most 100', '20')
    .option('--after <cursor>', 'only users after this cursor of an earlier page');
  printing(listing, terminal, (options: ListOptions) => open((ctx) => list(ctx, options)));

  const showing = users
    .command('show')
    .description('Shows a user, with what is locked, and how many sessions and events there are.')
    .argument(...USER);
  printing(showing, terminal, (name: string) => open((ctx) => showUser(ctx, name)));

  const sessions = users
    .command('sessions')
    .description('Lists the active sessions of a user, or ends them with --end.')
    .argument(...USER)
    .option('--end', 'end all of them');
  printing(sessions, terminal, (name: string, { end }: { readonly end?: true }) =>
    open((ctx) => (end ? endSessions : showSessions)(ctx, name)),
  );
  defineChanges(users, terminal, open);
};

async function showSessions(ctx: Context, name: string): Promise<Output> {
  const data = await listSessions(ctx, (await resolveUser(ctx, name)).id);
  if (data.length === 0) return { data, lines: ['No active sessions.'] };
  const titles = ['id', 'signed in', 'last used', 'IP address', 'user agent'];
  const rows = data.map(({ id, createdAt, lastUsedAt, ipAddress, userAgent }) => [
    ...[id, timeOf(createdAt), timeOf(lastUsedAt), ipAddress, userAgent],
  ]);
  return { data, lines: tableOf([titles, ...rows]) };
}

async function endSessions(ctx: Context, name: string): Promise<Output> {
  const data = await revokeUserSessions(ctx, operator, await resolveUser(ctx, name));
  return { data, lines: [`Ended ${data.ids.length} sessions.`] };
}

async function list(ctx: Context, options: ListOptions): Promise<Output> {
  const { first, after, createdFrom, createdTo, ...rest } = options;
  const dates = { createdFrom: dateOf(createdFrom), createdTo: dateOf(createdTo) };
  const filter = checkArguments(userFilter, { ...rest, ...dates });
  const page = checkArguments(usersArguments, { first: Number(first), after, filter });
  const { rows, hasMore } = await listUsers(ctx, page);
  const next = hasMore ? (rows.at(-1)?.cursor ?? null) : null;
  const data = { users: rows.map(({ cursor: _cursor, ...user }) => user), next };
  if (rows.length === 0) return { data, lines: ['No users match.'] };
  const titles = ['id', 'address', 'role', 'status', 'created', 'last sign-in'];
  const lines = tableOf([titles, ...rows.map(rowOf)]);
  if (next) lines.push(`More users: add --after ${next}`);
  return { data, lines };
}

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

const rowOf = ({ id, email, role, status, createdAt, lastLoginAt }: ManagedUser): string[] => [
  ...[id, email, role, status, timeOf(createdAt)],
  lastLoginAt ? timeOf(lastLoginAt) : '-',
];

async function showUser(ctx: Context, name: string): Promise<Output> {
  const user = await resolveUser(ctx, name);
  const [locks, counts] = [await listLocks(ctx, user.email), await countUser(ctx, user)];
  const { lines } = userOutput(user, { locks, counts });
  return { data: { ...user, locks, counts, sessions: await listSessions(ctx, user.id) }, lines };
}
