import type { Lab } from '../setup/lab.ts';

/** Bytes of each table with its indexes. Partitions count as their table. */
export type TableSizes = Readonly<Record<string, number>>;

export async function sizesOfTables({ sql }: Lab): Promise<TableSizes> {
  const rows = await sql<{ name: string; bytes: string }>(
    `select coalesce(parent.relname, t.relname) as name,
       sum(pg_total_relation_size(t.oid))::text as bytes
     from pg_class t
       left join pg_inherits i on i.inhrelid = t.oid left join pg_class parent on parent.oid = i.inhparent
     where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace group by 1`,
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

/** Returns what each table has grown by. */
export const growthOf = (before: TableSizes, after: TableSizes): TableSizes =>
  Object.fromEntries(
    Object.entries(after).map(([name, bytes]) => [name, bytes - (before[name] ?? 0)]),
  );
