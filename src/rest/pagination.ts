import { z } from 'zod';
import { InvalidRequest, invalidInput } from './rest-problem.ts';

const DEFAULT_SIZE = 10;
const MAX_SIZE = 50;
/** The largest `Int` of GraphQL. */
const MAX_OFFSET = 2 ** 31 - 1;

type List = { readonly count: number; readonly edges: readonly { readonly node: unknown }[] };
type Run = (variables: Record<string, unknown>) => Promise<unknown>;

/**
 * Reads one page of a list, in the form of the replaced service. Ignores unknown query parameters.
 *
 * @param address absolute URL of the list, without the query
 * @throws InvalidRequest for a bad date or an unknown page
 */
export async function answerPage(run: Run, query: URLSearchParams, address: string) {
  const filter = readFilter(query);
  const size = sizeOf(last(query, 'page_size'));
  const asked = last(query, 'page') || '1';
  const read = async (first: number, offset: number) =>
    (await run({ first, offset, filter })) as List;

  const number = asked === 'last' ? lastPage((await read(0, 0)).count, size) : wholeNumber(asked);
  if (!number || number * size > MAX_OFFSET) throw noSuchPage();
  const offset = (number - 1) * size;
  const { count, edges } = await read(size, offset);
  // An empty list has one page.
  if (offset > 0 && offset >= count) throw noSuchPage();
  return {
    count,
    next: offset + size < count ? linkTo(address, query, number + 1) : null,
    previous: number > 1 ? linkTo(address, query, number - 1) : null,
    results: edges.map(({ node }) => node),
  };
}

const noSuchPage = () => new InvalidRequest('not-found', 'Invalid page.');

const lastPage = (count: number, size: number) => Math.max(1, Math.ceil(count / size));

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
function linkTo(address: string, query: URLSearchParams, page: number): string {
  const parameters = new URLSearchParams(Object.fromEntries(query));
  if (page === 1) parameters.delete('page');
  else parameters.set('page', String(page));
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
