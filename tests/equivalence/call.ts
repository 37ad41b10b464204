import { type Operation, type Pair, pairs, restName } from './mapping.ts';
import type { Ask, Way } from './script.ts';

/** A request with nothing left open, before it goes through a transport. */
export interface Call {
  readonly operation: Operation;
  readonly from: string;
  readonly userAgent: string;
  /** By GraphQL names; undefined sends none at all. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  readonly bearer: string | undefined;
  readonly cookieMode?: Ask['cookieMode'];
  readonly way: Way;
}

/** Path of the route on its host. */
export function placeOf({ operation, input, way }: Call): string {
  const { paths }: Pair = pairs[operation];
  const path = paths[way.path % paths.length] ?? '';
  const given = (_: string, name: string) => encodeURIComponent(String(input?.[name]));
  return `/api/v1${path.replace(/\{(\w+)\}/, given)}`;
}

interface PageQuery {
  readonly page?: number;
  readonly size?: number;
}

/** The query of this page of a list, by name, with its question mark; page 1 needs no number. */
export function queryOf({ operation, input = {} }: Call, page = (input as PageQuery).page): string {
  if (operation === 'users') return given(input);
  if (operation === 'webhookDeliveries') return given({ ...input, id: undefined });
  if (operation !== 'auditLogs') return '';
  const { size, ...filter } = input as PageQuery;
  const all = { ...filter, pageSize: size, page: page === 1 ? undefined : page };
  return given(all);
}

function given(values: object): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [restName(name), String(value)]));
  query.sort();
  return query.size > 0 ? `?${query}` : '';
}
