import { randomBytes } from 'node:crypto';

/** A column of the database. */
export interface Column {
  readonly name: string;
  /** As in information_schema, such as `timestamp with time zone`. */
  readonly type: string;
  /** Whether a row may leave it out. */
  readonly isOptional: boolean;
}

/** Makes the value of a column for the row with this number. */
type Value = (row: number) => string;

const DAY = 86_400_000;
const now = Date.now();
const at = (milliseconds: number): string => new Date(milliseconds).toISOString();
const random = randomBytes(64 * 1024).toString('hex');
const hex = (row: number, length: number): string => {
  const start = (row * 7919) % (random.length - 64);
  return random.slice(start, start + length);
};

/** Returns a UUIDv7 of a time. The row number makes it unique and keeps the order. */
function uuid(milliseconds: number, row: number): string {
  const time = Math.floor(milliseconds).toString(16).padStart(12, '0');
  const number = row.toString(16).padStart(8, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(row, 3)}-8${number.slice(0, 3)}-${number.slice(3)}${hex(row, 7)}`;
}

const email: Value = (row) => `grown-${row}@example.com`;
const address: Value = (row) => `10.${(row >> 16) & 255}.${(row >> 8) & 255}.${row & 255}`;
const events = ['OTP_REQUESTED', 'OTP_VERIFIED', 'LOGIN_SUCCEEDED', 'LOGIN_FAILED', 'LOGOUT'];

/** Values by table and column. `count` is the number of rows, `accounts` that of the accounts. */
const values = (
  count: number,
  accounts: number,
): Readonly<Record<string, Record<string, Value>>> => {
  // Four hundred days, oldest first.
  const registeredAt = (row: number) => now - 400 * DAY + (row / accounts) * 400 * DAY;
  const accountId: Value = (row) => uuid(registeredAt(row), row);
  // Sixty days, oldest first.
  const eventTime = (row: number) => now - 60 * DAY + (row / count) * 60 * DAY;
  return {
    accounts: {
      id: accountId,
      email,
      email_verified_at: () => at(now),
      role: (row) => (row % 10_000 === 5 ? 'ADMIN' : 'USER'),
      created_at: (row) => at(registeredAt(row)),
      // Enough for a full page also in the small installation: both then have the same work.
      disabled_at: (row) => (row % 20 === 3 ? at(now) : '\\N'),
    },
    sessions: {
      id: (row) => uuid(now - DAY, row),
      account_id: (row) => accountId(row % accounts),
      live_token_hash: (row) => `${row.toString(36).padStart(11, '_')}${hex(row, 32)}`,
      idle_expires_at: () => at(now + 13 * DAY),
      expires_at: () => at(now + 29 * DAY),
      ip_address: address,
      client: (row) => `${address(row)}/32`,
      user_agent: () => 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
    audit_events: {
      id: (row) => uuid(eventTime(row), row),
      event: (row) => events[row % events.length] ?? '',
      email: (row) => email((row * 7) % accounts),
      account_id: (row) => accountId((row * 7) % accounts),
      ip_address: address,
      user_agent: () => 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      created_at: (row) => at(eventTime(row)),
    },
  };
};

/** Values of columns that this file does not know, by type. */
const byType: Readonly<Record<string, Value>> = {
  uuid: (row) => uuid(now, row),
  jsonb: () => '{}',
  'timestamp with time zone': () => at(now - DAY),
  bytea: (row) => `\\\\x${hex(row, 32)}`,
  integer: () => '0',
  boolean: () => 'f',
};

export interface Filling {
  readonly table: string;
  readonly count: number;
  readonly accounts: number;
}

/** Returns the columns to fill: all that are known here or need a value, and how to make a row. */
export function rowMaker({ table, count, accounts }: Filling, columns: readonly Column[]) {
  const known = values(count, accounts)[table] ?? {};
  const filled = columns.filter(({ name, isOptional }) => known[name] || !isOptional);
  const makers = filled.map(({ name, type }) => known[name] ?? byType[type] ?? (() => ''));
  return {
    columns: filled.map(({ name }) => name),
    line: (row: number) => `${makers.map((make) => make(row)).join('\t')}\n`,
  };
}
