import type { AuditLogFilter } from './audit-inputs.ts';
import type { AuditReader } from './audit-reader.ts';
import { idsAt, smallestIdAt } from './id-range.ts';

/** Ids to list: those between two others, both exclusive. */
export interface IdRange {
  readonly olderThan?: string | undefined;
  readonly newerThan?: string | undefined;
}

/** A range of an index. The condition is SQL; `columns` are those of the index, in its order. */
export interface EventRange {
  readonly columns: readonly string[];
  readonly condition: string;
  readonly values: readonly unknown[];
}

type Bound = readonly [sign: '>=' | '<=' | '>' | '<', id: string];

/** Columns that have one value in a range, and further conditions. */
interface RangeKeys {
  readonly keys: Readonly<Record<string, string | undefined>>;
  readonly bounds: readonly Bound[];
  readonly equal?: Readonly<Record<string, string | undefined>>;
}

/** Returns whether ranges of this reader may contain a row twice. */
export const overlap = (reader: AuditReader): boolean => reader !== 'ADMIN';

/** Returns the ranges, per event, of the rows that the reader may see and the filter matches. */
export function rangesOf(
  reader: AuditReader,
  filter: AuditLogFilter,
  now: Date,
  { olderThan, newerThan }: IdRange = {},
): EventRange[] {
  const bounds: Bound[] = [
    ['>=', idsAt(filter.from?.getTime() ?? 0).first],
    ['<=', idsAt(filter.to?.getTime() ?? Number.POSITIVE_INFINITY).last],
  ];
  if (olderThan) bounds.push(['<', olderThan]);
  if (newerThan) bounds.push(['>', newerThan]);
  const email = filter.email?.toLowerCase();
  const keysOf = reader === 'ADMIN' ? keysOfAll(email, now) : keysOfOwn(reader, email);
  return eventsOf(filter).flatMap((event) =>
    keysOf(event).map((range) => rangeOf({ ...range, bounds: [...bounds, ...range.bounds] })),
  );
}

/** Returns the names to list. Undefined stands for all. */
function eventsOf(filter: AuditLogFilter): readonly (string | undefined)[] {
  const event = filter.event?.toUpperCase();
  if (!filter.events) return [event];
  return [...new Set(filter.events)].filter((name) => event === undefined || name === event);
}

const keysOfAll =
  (email: string | undefined, now: Date) =>
  (event: string | undefined): RangeKeys[] => {
    if (email !== undefined || event !== undefined) return [{ keys: { email, event }, bounds: [] }];
    // Later ids come from clocks that are ahead, and lie in the default partition. PostgreSQL reads
    // the other partitions one after the other, without a merge.
    const end = smallestIdAt(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
    return [
      { keys: {}, bounds: [['<', end]] },
      { keys: {}, bounds: [['>=', end]] },
    ];
  };

const keysOfOwn =
  (own: Exclude<AuditReader, string>, email: string | undefined) =>
  (event: string | undefined): RangeKeys[] => {
    const created: Bound = ['>=', idsAt(own.createdAt.getTime()).first];
    const byAccount: RangeKeys = {
      keys: { account_id: own.id },
      bounds: [created],
      equal: { event, email },
    };
    if (email !== undefined && email !== own.email) return [byAccount];
    const since: Bound = ['>=', idsAt(own.verifiedAt.getTime()).first];
    return [byAccount, { keys: { email: own.email, event }, bounds: [since] }];
  };

/**
 * Returns one range of the index that starts with the keys. Compares whole rows, so that no other
 * index can provide the order and PostgreSQL never reads a whole log for one page. Compares the ids
 * alone too, which selects the partitions.
 */
function rangeOf({ keys, bounds, equal = {} }: RangeKeys): EventRange {
  const given = (values: typeof equal) =>
    Object.entries(values).filter(([, value]) => value !== undefined);
  const [key, others] = [given(keys), given(equal)];
  const columns = [...key.map(([column]) => column), 'id'];
  const placeholders = columns.map(() => '?').join(', ');
  const rows = bounds.map(([sign]) => `(${columns.join(', ')}) ${sign} (${placeholders})`);
  const idBounds = key.length > 0 ? bounds : [];
  const ids = idBounds.map(([sign]) => `id ${sign} ?`);
  const equalities = others.map(([column]) => `${column} = ?`);
  // The index of accounts leaves out rows without one.
  const notNull = 'account_id' in keys ? ['account_id is not null'] : [];
  return {
    columns,
    condition: [...rows, ...ids, ...equalities, ...notNull].join(' and '),
    values: [
      ...bounds.flatMap(([, id]) => [...key.map(([, value]) => value), id]),
      ...idBounds.map(([, id]) => id),
      ...others.map(([, value]) => value),
    ],
  };
}
