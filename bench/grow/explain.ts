import type { Statement } from '../counts/postgres-messages.ts';
import type { Sql } from '../setup/database.ts';

/** Rows from which a sequential scan is a mistake. */
const LARGE = 10_000;

/** A node of PostgreSQL's plan. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Runs a statement with numbered parameters. */
export interface ExplainClient {
  query(statement: {
    text: string;
    values: unknown[];
  }): Promise<{ rows: Record<string, unknown>[] }>;
}

/** The plan of a statement, and the large tables that it scans sequentially. */
export interface Explained {
  readonly text: string;
  readonly plan: string;
  readonly scans: readonly string[];
}

/** Explains every statement once. */
export async function explain(
  client: ExplainClient,
  sql: Sql,
  statements: readonly Statement[],
): Promise<Explained[]> {
  const rows = await sql<{ relname: string }>(
    `select relname from pg_class where relkind in ('r', 'p') and reltuples >= ?`,
    [LARGE],
  );
  const large = new Set(rows.map(({ relname }) => relname));
  const distinct = new Map(statements.map((each) => [shapeOf(each), each]));
  const explained: Explained[] = [];
  for (const { text, values } of distinct.values()) {
    if (!/^\s*(select|insert|update|delete|with)\b/i.test(text)) continue;
    const asked = { text: `explain (format json) ${text}`, values: [...values] };
    const [row = {}] = (await client.query(asked)).rows;
    const [{ Plan: plan }] = row['QUERY PLAN'] as [{ Plan: Plan }];
    const nodes = flatten(plan);
    const scans = nodes.flatMap(({ 'Node Type': type, 'Relation Name': name = '' }) =>
      type === 'Seq Scan' && large.has(name) ? [name] : [],
    );
    explained.push({ text, plan: nodes.map(nameOf).join(' · '), scans });
  }
  return explained;
}

/** Returns the text without values, so that each statement is shown once. */
const shapeOf = ({ text }: Statement): string =>
  text.replaceAll(/'(?:[^']|'')*'/g, '?').replaceAll(/\b\d+\b/g, '?');

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];

const nameOf = ({ 'Node Type': type, 'Relation Name': name }: Plan): string =>
  name ? `${type} ${name}` : type;
