import type { Plugin } from 'graphql-yoga';
import type { RequestState } from '../http/request-state.ts';
import type { Result } from './execution.ts';

type ResultHook = NonNullable<Plugin['onResultProcess']>;
type ResultProcessor = NonNullable<Parameters<ResultHook>[0]['resultProcessor']>;

/** Whether the operation of a request is a subscription. */
export const isSubscription = ({ record }: RequestState): boolean =>
  record.operation?.startsWith('subscription ') === true;

export const isStream = (result: unknown): result is AsyncIterable<Result> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result;

/** Applies `change` to every result of a stream. */
export function mapResults(
  results: AsyncIterable<Result>,
  change: (result: Result) => Result,
): AsyncIterableIterator<Result> {
  const source = results[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const next = await source.next();
      return next.done ? next : { done: false, value: change(next.value) };
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
  };
}

/** Makes responses with the headers of all others, which neither caches nor proxies hold back. */
export const withStreamHeaders =
  (process: ResultProcessor): ResultProcessor =>
  async (...given) => {
    const response = await process(...given);
    const { headers } = response;
    headers.set('cache-control', 'no-store');
    // `none` is no content coding, and Node manages the connection.
    for (const name of ['content-encoding', 'connection']) headers.delete(name);
    // nginx would collect events.
    headers.set('x-accel-buffering', 'no');
    return response;
  };
