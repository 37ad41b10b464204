import { AsyncResource } from 'node:async_hooks';
import { setImmediate as endOfTurn } from 'node:timers/promises';

interface Batch<Item, Result> {
  readonly items: Item[];
  readonly results: Promise<readonly Result[]>;
}

/**
 * Returns a function that works on items in batches: the calls of one turn of the event loop share a
 * batch, and calls during a batch share the next one. `work` returns the results in the order of its
 * items. If it fails, all calls of the batch fail.
 */
export function batched<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Batch<Item, Result> | undefined;
  // Bound here, because the work belongs to none of the callers that share it.
  const run = AsyncResource.bind(work);
  const begin = () => {
    const items: Item[] = [];
    const results = running
      .then(() => endOfTurn())
      .then(() => {
        next = undefined;
        return run(items);
      });
    running = results.catch(() => undefined);
    return { items, results };
  };
  return async (item) => {
    next ??= begin();
    const { items, results } = next;
    const index = items.push(item) - 1;
    return (await results)[index] as Result;
  };
}
