import type { z } from 'zod';
import { restName } from './field-names.ts';

/** A list as the operation of the route selects it. */
interface List {
  readonly edges: readonly { readonly node: unknown }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * Reads one page of a list that has cursors only. The query parameters are the arguments and the
 * filter of the GraphQL field, which checks them. Ignores unknown ones.
 *
 * @param address absolute URL of the list, without the query
 */
export async function answerCursorPage(
  run: (variables: Record<string, unknown>) => Promise<unknown>,
  query: URLSearchParams,
  address: string,
  filter: z.ZodObject['shape'],
) {
  const given = (name: string) => query.getAll(restName(name)).at(-1)?.trim() || undefined;
  const first = given('first');
  const values = Object.keys(filter).map((name) => [name, given(name)]);
  const conditions = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  const { edges, pageInfo } = (await run({
    // The field rejects other texts.
    first: first !== undefined && /^-?\d{1,9}$/.test(first) ? Number(first) : first,
    after: given('after'),
    // A field has a filter, or each condition as an argument. Unused variables are ignored.
    ...conditions,
    filter: conditions,
  })) as List;
  const { hasNextPage, endCursor } = pageInfo;
  const next = hasNextPage && endCursor !== null ? linkTo(address, query, endCursor) : null;
  return { next, results: edges.map(({ node }) => node) };
}

/** Links to the page after a cursor with all other parameters, sorted by name. */
function linkTo(address: string, query: URLSearchParams, after: string): string {
  const parameters = new URLSearchParams(Object.fromEntries(query));
  parameters.set('after', after);
  parameters.sort();
  return `${address}?${parameters}`;
}
