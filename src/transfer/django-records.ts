import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { address } from '../accounts/email-address.ts';
import { auditEvents } from '../audit/event-types.ts';
import type { ImportedEvent } from '../audit/import-events.ts';
import { SourceError } from '../errors/source-error.ts';
import type { Row, Tables } from '../ports/row-source.ts';

const userColumns = ['id', 'email', 'password', 'is_active', 'date_joined'];
const eventColumns = ['id', 'event', 'email', 'ip_address', 'user_agent', 'metadata', 'created_at'];

/** Finds Django's table of users, and the audit log of drf-otp-auth if there is one. */
export async function findDjangoTables(tables: Tables, named?: string) {
  const all = await tables.columns();
  const having = (columns: readonly string[]) =>
    [...all].filter(([, own]) => columns.every((name) => own.includes(name))).map(([name]) => name);
  const users = having(userColumns).filter((name) => named === undefined || name === named);
  const [only, ...others] = users;
  if (!only) {
    const found = named === undefined ? 'no table' : `no table ${named}`;
    throw new SourceError(`There is ${found} of Django users (columns ${userColumns.join(', ')}).`);
  }
  if (others.length > 0) {
    throw new SourceError(`Several tables of users: ${users.join(', ')}. Name one with --table.`);
  }
  return { users: only, events: having(eventColumns)[0] };
}

/** Reads Django's booleans: of PostgreSQL, SQLite and CSV. */
const isTrue = (value: unknown): boolean => /^(true|t|1|yes)$/i.test(String(value));

/** Reads Django's times. Without a zone they are UTC. */
function timeOf(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? undefined;
  const [, day, clock = '00:00:00', zone = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d+)?))?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(
      value,
    ) ?? [];
  if (!day) return value;
  const offset = zone.replace(
    /^([+-]\d\d):?(\d\d)?$/,
    (_all, hours, minutes = '00') => `${hours}:${minutes}`,
  );
  return `${day}T${clock}${offset || 'Z'}`;
}

/** Reads an id: a number or a text. */
const idOf = (id: unknown): string => (typeof id === 'string' ? id : JSON.stringify(id));

/** Converts a row of Django's users to a user record, which is not validated yet. */
export function userOfDjango({ fields }: Row, now: Date): Record<string, unknown> {
  const { id, email, password, first_name, last_name, is_active, is_staff } = fields;
  return {
    id: id === undefined ? undefined : idOf(id),
    email,
    password_hash: password,
    first_name,
    last_name,
    role: isTrue(is_staff) ? 'ADMIN' : 'USER',
    created_at: timeOf(fields.date_joined),
    last_login_at: timeOf(fields.last_login),
    disabled_at: isTrue(is_active) ? undefined : now.toISOString(),
  };
}

const eventRecord = z.object({
  event: z.string().refine((name) => name in auditEvents, { error: 'Not an event of Gatehouse.' }),
  email: address,
  ip_address: z.string().nullish(),
  user_agent: z.string().nullish(),
  metadata: z
    .record(z.string(), z.unknown())
    .refine((json) => !/\\u0000|\\ud[89a-f]/.test(JSON.stringify(json)), {
      error: 'Contains characters that PostgreSQL does not store.',
    })
    .nullish(),
  created_at: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

/** Converts a row of the audit log. Its id depends on the row alone. @returns a text: why not */
export function eventOfDjango({ fields }: Row, source: string): ImportedEvent | string {
  const { metadata } = fields;
  const json = typeof metadata === 'string' ? parseJson(metadata) : metadata;
  const given = { ...fields, metadata: json, created_at: timeOf(fields.created_at) };
  const parsed = eventRecord.safeParse(given);
  if (!parsed.success) return problemOf(parsed.error);
  const { event, email, ip_address, user_agent, created_at } = parsed.data;
  const ip = ip_address ?? '';
  return {
    id: eventId(created_at, `${source}:${idOf(fields.id)}`),
    event,
    email,
    // The replaced service stored the header of the client unchecked.
    ipAddress: isIP(ip) ? ip : '',
    userAgent: (user_agent ?? '').replaceAll('\0', '').slice(0, 512).toWellFormed(),
    metadata: {
      ...parsed.data.metadata,
      source,
      ...(ip && !isIP(ip) && { claimedIp: ip.replaceAll('\0', '').slice(0, 64).toWellFormed() }),
    },
    createdAt: created_at,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Returns a UUIDv7 (RFC 9562) of a time, whose random part is a hash of the name. */
function eventId(at: Date, name: string): string {
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  const hash = createHash('sha256').update(name).digest('hex');
  const variant = (8 + (Number.parseInt(hash[3] ?? '0', 16) & 3)).toString(16);
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${hash.slice(0, 3)}`,
    variant + hash.slice(4, 7),
    hash.slice(7, 19),
  ].join('-');
}

/** Describes what is wrong with a row: the column and the rule. */
export const problemOf = ({ issues }: z.ZodError): string =>
  issues
    .map(({ path, message, ...issue }) =>
      issue.code === 'unrecognized_keys'
        ? `unknown field ${issue.keys.join(', ')}`
        : `${path.join('.')}: ${message}`,
    )
    .join('; ');
