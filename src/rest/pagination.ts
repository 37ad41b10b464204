import { z } from 'zod';
import { InvalidRequest, invalidInput } from './rest-problem.ts';

const DEFAULT_SIZE = 10;
const MAX_SIZE = 50;
/** The largest `Int` of GraphQL. */
const MAX_OFFSET = 2 ** 31 - 1;

/** A list as the operation of the route selects it. */
interface List {
  readonly count: number;
  /** Whether there are more rows than `count`. */
  readonly isCapped: boolean;
  readonly edges: readonly { readonly node: unknown }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

type Run = (variables: Record<string, unknown>) => Promise<unknown>;
/** Parameters of a link that replace those of the request. */
type Place = Readonly<Partial<Record<(typeof places)[number], string>>>;
/** Parameters that select a page. */
const places = ['page', 'after', 'before'] as const;

/**
 * Reads one page of a list, in the form of the replaced service. Ignores unknown query parameters.
 * The last page has links by cursor if the list is too long to number its pages from the end.
 *
 * @param address absolute URL of the list, without the query
 * @throws InvalidRequest for a bad date or an unknown page
 */
export async function answerPage(run: Run, query: URLSearchParams, address: string) {
  const filter = readFilter(query);
  const first = sizeOf(last(query, 'page_size'));
  const read = async (part: object) => (await run({ ...part, filter })) as List;
  const [after, before] = [last(query, 'after'), last(query, 'before')];
  const asked = last(query, 'page') || '1';
  const link = (place: Place | false) => (place ? linkTo(address, query, place) : null);

  if (after) return answer(await read({ first, after }), byCursor, link);
  if (before) return answer(await read({ last: first, before }), byCursor, link);
  const end = asked === 'last' ? await read({ first: 0 }) : undefined;
  if (end?.isCapped) return answer(await read({ last: first }), byCursor, link);
  const number = end ? Math.max(1, Math.ceil(end.count / first)) : wholeNumber(asked);
  if (!number || number * first > MAX_OFFSET) throw noSuchPage();
  const list = await read({ first, offset: (number - 1) * first });
  // An empty list has one page.
  if (number > 1 && list.edges.length === 0) throw noSuchPage();
  return answer(list, byNumber(number), link);
}

/** Pages before and after a page. */
type Neighbours = (pages: List['pageInfo']) => { next: Place | false; previous: Place | false };

const byNumber =
  (number: number): Neighbours =>
  ({ hasNextPage }) => ({
    next: hasNextPage && { page: String(number + 1) },
    previous: number > 1 && { page: String(number - 1) },
  });

const byCursor: Neighbours = ({ hasNextPage, endCursor, hasPreviousPage, startCursor }) => ({
  next: hasNextPage && endCursor !== null && { after: endCursor },
  previous: hasPreviousPage && startCursor !== null && { before: startCursor },
});

function answer(
  { count, edges, pageInfo }: List,
  neighbours: Neighbours,
  link: (place: Place | false) => string | null,
) {
  const { next, previous } = neighbours(pageInfo);
  const results = edges.map(({ node }) => node);
  return { count, next: link(next), previous: link(previous), results };
}

const noSuchPage = () => new InvalidRequest('not-found', 'Invalid page.');

/** Reads the filter of the GraphQL list, with dates as of RFC 3339. */
function readFilter(query: URLSearchParams): Record<string, string> {
  const filter: Record<string, string> = {};
  const errors: Record<string, string[]> = {};
  for (const name of ['email', 'event']) {
    const value = last(query, name);
    if (value) filter[name] = value;
  }
  for (const name of ['from', 'to']) {
    const value = last(query, `${name}_date`);
    const moment = value && momentOf(value);
    if (moment) filter[name] = moment;
    else if (value) errors[`${name}_date`] = ['Enter a valid date/time.'];
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
  return filter;
}

/** Links to a page with all other parameters, sorted by name. Page 1 needs no number. */
function linkTo(address: string, query: URLSearchParams, place: Place): string {
  const parameters = new URLSearchParams(Object.fromEntries(query));
  for (const name of places) parameters.delete(name);
  for (const [name, value] of Object.entries(place)) parameters.set(name, value);
  if (place.page === '1') parameters.delete('page');
  parameters.sort();
  return parameters.size > 0 ? `${address}?${parameters}` : address;
}

/** Returns the last value of a parameter. */
const last = (query: URLSearchParams, name: string) => query.getAll(name).at(-1)?.trim();

const wholeNumber = (text: string | undefined): number | undefined =>
  /^\+?\d+$/.test(text ?? '') ? Number(text) : undefined;

const sizeOf = (text: string | undefined) => Math.min(wholeNumber(text) || DEFAULT_SIZE, MAX_SIZE);

const MOMENT =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?([.,]\d{1,6})?\d{0,6}\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Converts a date or a date and time to RFC 3339. Times without an offset are UTC. */
function momentOf(text: string): string | undefined {
  const match = MOMENT.exec(text);
  if (!match) return undefined;
  const [, date, time = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match;
  const [, sign, hours, minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = sign ? `${sign}${hours}:${minutes}` : 'Z';
  const moment = `${date}T${time}${seconds}${fraction.replace(',', '.')}${offset}`;
  return z.iso.datetime({ offset: true }).safeParse(moment).success ? moment : undefined;
}
