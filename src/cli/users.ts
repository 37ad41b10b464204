import { Option } from 'commander';
import { roles, userStatuses } from '../accounts/account.entity.ts';
import { operator } from '../administration/actor.ts';
import { disableUser, enableUser } from '../administration/disable-user.ts';
import { findUser } from '../administration/find-user.ts';
import { listUsers } from '../administration/list-users.ts';
import type { ManagedUser } from '../administration/managed-user.ts';
import { userFilter, usersArguments } from '../administration/user-inputs.ts';
import type { Context } from '../context.ts';
import { withRuntime } from './command-config.ts';
import {
  checkArguments,
  type Define,
  type Output,
  printing,
  tableOf,
  timeOf,
} from './command-line.ts';

interface ListOptions {
  readonly email?: string;
  readonly role?: string;
  readonly status?: string;
  readonly createdFrom?: string;
  readonly createdTo?: string;
  readonly first: string;
  readonly after?: string;
}

const USER = '<user>';

export const define: Define = (users, terminal) => {
  const open = (work: (ctx: Context) => Promise<Output>) => withRuntime(terminal, 'users', work);

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

  const showing = users.command('show').description('Shows a user.').argument(USER, NAMED);
  printing(showing, terminal, (name: string) =>
    open(async (ctx) => outputOf(await resolveUser(ctx, name))),
  );

  const changing = (
    name: string,
    description: string,
    work: (ctx: Context, user: ManagedUser) => Promise<ManagedUser>,
  ) => {
    const command = users.command(name).description(description).argument(USER, NAMED);
    printing(command, terminal, (given: string) =>
      open(async (ctx) => outputOf(await work(ctx, await resolveUser(ctx, given)))),
    );
  };
  changing('disable', 'Disables a user and ends all sessions.', (ctx, user) =>
    disableUser(ctx, operator, user),
  );
  changing('enable', 'Enables a disabled user.', (ctx, user) => enableUser(ctx, operator, user));
};

const NAMED = 'id or e-mail address';

/** Finds a user by id or address. */
const resolveUser = (ctx: Context, name: string): Promise<ManagedUser> =>
  findUser(ctx, name.includes('@') ? { email: name.trim().toLowerCase() } : { id: name });

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

function outputOf(user: ManagedUser): Output {
  const rows = Object.entries(user).map(([name, value]) => [name, textOf(value)]);
  return { data: user, lines: tableOf(rows) };
}

function textOf(value: unknown): string {
  if (value === null) return '-';
  if (value instanceof Date) return timeOf(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
