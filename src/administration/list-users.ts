import { roles, statusColumn, userStatuses } from '../accounts/account.entity.ts';
import type { Context } from '../context.ts';
import { NIL_ID } from '../ports/clock.ts';
import { type ManagedUser, managedColumns } from './managed-user.ts';
import { cursorColumn, readUserCursor, type UserPlace, userCursor } from './user-cursor.ts';
import type { UserFilter, UsersArguments } from './user-inputs.ts';

const DEFAULT_SIZE = 20;
/** Sorts after every character of an address. */
const LAST_CHARACTER = '\x7f';
const LAST_ID = NIL_ID.replaceAll('0', 'f');

/** One page. Cursors are opaque to clients. */
export interface UserPage {
  readonly rows: readonly (ManagedUser & { readonly cursor: string })[];
  readonly hasMore: boolean;
}

type Condition = readonly [sql: string, value: unknown];

/** An order of the list: an index whose columns follow role and status. The texts are SQL. */
interface Order {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly direction: 'asc' | 'desc';
  readonly bounds: readonly (readonly [sign: '>=' | '<=' | '>' | '<', ...values: unknown[]])[];
  readonly conditions: readonly Condition[];
  /** The order of all ranges together. */
  readonly total: string;
}

/** Lists users: the newest first, or by address if the filter has the beginning of one. */
export async function listUsers(
  ctx: Pick<Context, 'em'>,
  { first, after, filter }: UsersArguments,
): Promise<UserPage> {
  const { role, status, ...rest } = filter ?? {};
  const size = first ?? DEFAULT_SIZE;
  const place = after == null ? undefined : readUserCursor(after);
  const order = rest.email ? byAddress(rest, rest.email, place) : newestFirst(rest, place);
  // One range of the index for each role and status: no filter makes PostgreSQL skip rows.
  const ranges = (role ? [role] : roles).flatMap((each) =>
    (status ? [status] : userStatuses).map((other) => rangeOf(order, [each, other], size + 1)),
  );
  const found = await ctx.em.execute<(Stored & { cursor: string })[]>(
    `select * from (${ranges.map(({ sql }) => sql).join(' union all ')}) as users
     order by ${order.total} limit ?`,
    [...ranges.flatMap(({ values }) => values), size + 1],
  );
  const rows = found.slice(0, size).map(({ cursor, ...user }) => ({
    ...withDates(user),
    cursor: userCursor(cursor),
  }));
  return { rows, hasMore: found.length > size };
}

function newestFirst({ createdFrom, createdTo }: UserFilter, after: UserPlace | undefined): Order {
  return {
    columns: ['a.created_at', 'a.id'],
    types: ['timestamptz', 'uuid'],
    direction: 'desc',
    bounds: [
      ['>=', createdFrom ?? '-infinity', NIL_ID],
      ['<=', createdTo ?? 'infinity', LAST_ID],
      ...(after ? [['<', after.createdAt, after.id] as const] : []),
    ],
    conditions: [],
    total: '"createdAt" desc, id desc',
  };
}

function byAddress(
  { createdFrom, createdTo }: UserFilter,
  prefix: string,
  after: UserPlace | undefined,
): Order {
  return {
    columns: ['a.email collate "C"'],
    types: ['text'],
    direction: 'asc',
    bounds: [
      ['>=', prefix],
      ['<', prefix + LAST_CHARACTER],
      ...(after ? [['>', after.email] as const] : []),
    ],
    conditions: [
      ...(createdFrom ? [['a.created_at >= ?', createdFrom] as const] : []),
      ...(createdTo ? [['a.created_at <= ?', createdTo] as const] : []),
    ],
    total: 'email collate "C"',
  };
}

/** Compares whole rows, so that no other index can provide the order. */
function rangeOf(order: Order, keys: readonly string[], limit: number) {
  const { direction, bounds, conditions } = order;
  const columns = ['a.role', statusColumn, ...order.columns];
  const row = columns.join(', ');
  const places = ['?', '?', ...order.types.map((type) => `?::${type}`)].join(', ');
  const where = [
    ...bounds.map(([sign]) => `(${row}) ${sign} (${places})`),
    ...conditions.map(([sql]) => sql),
  ];
  const by = columns.map((column) => `${column} ${direction}`).join(', ');
  return {
    sql: `(select ${managedColumns}, ${cursorColumn} as cursor from accounts a
      where ${where.join(' and ')} order by ${by} limit ?)`,
    values: [
      ...bounds.flatMap(([, ...values]) => [...keys, ...values]),
      ...conditions.map(([, value]) => value),
      limit,
    ],
  };
}

const times = ['createdAt', 'lastLoginAt', 'disabledAt'] as const;
type Stored = Omit<ManagedUser, (typeof times)[number]> &
  Record<(typeof times)[number], string | null>;

/** MikroORM's connection reads times as text. */
function withDates(row: Stored): ManagedUser {
  const dates = times.map((name) => [name, row[name] === null ? null : new Date(row[name])]);
  return { ...row, ...Object.fromEntries(dates) };
}
