import type { MikroORM } from '@mikro-orm/postgresql';
import type { Row, Rows, Tables } from '../ports/row-source.ts';

/** Rows that are fetched at once. */
const STEP = 2000;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Reads tables of another system's PostgreSQL. Each read sees one state of its table. */
export function readTables(orm: MikroORM): Tables {
  return {
    async columns() {
      const rows = await orm.em.fork().execute<{ name: string; columns: string[] }[]>(
        `select c.table_name as name, array_agg(c.column_name::text) as columns
         from information_schema.columns c
         where c.table_schema = any(current_schemas(false)) group by 1 order by 1`,
      );
      return new Map(rows.map(({ name, columns }) => [name, columns]));
    },
    rows: (table) => rowsOf(orm, table),
    close: () => orm.close(true),
  };
}

function rowsOf(orm: MikroORM, table: string): Rows {
  let count = 0;
  let read = 0;
  return {
    get share() {
      return count === 0 ? 1 : Math.min(1, read / count);
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
      const em = orm.em.fork();
      await em.begin();
      try {
        const [row] = await em.execute<{ n: string }[]>(
          `select count(*) as n from ${quote(table)}`,
        );
        [count, read] = [Number(row?.n), 0];
        await em.execute(`declare source no scroll cursor for
          select row_to_json(t)::text as fields from ${quote(table)} t order by id`);
        for (;;) {
          const rows = await em.execute<{ fields: string }[]>(`fetch ${STEP} from source`);
          for (const { fields } of rows) {
            read += 1;
            const parsed: Row['fields'] = JSON.parse(fields);
            yield { place: `row ${JSON.stringify(parsed.id)}`, fields: parsed };
          }
          if (rows.length < STEP) break;
        }
      } finally {
        await em.rollback();
      }
    },
  };
}
