import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts work at fixed times, `rate` times a second, however long it takes, until `next` returns
 * undefined. Latency counts from `dueAt`, so a slow server cannot hide it.
 */
export async function atFixedRate<Item>(
  rate: number,
  next: () => Item | undefined,
  work: (item: Item, dueAt: number) => Promise<unknown>,
): Promise<void> {
  const pending: Promise<unknown>[] = [];
  const startedAt = performance.now();
  for (let count = 0; ; count += 1) {
    const dueAt = startedAt + (count * 1000) / rate;
    const wait = dueAt - performance.now();
    if (wait > 0) await sleep(wait);
    const item = next();
    if (item === undefined) break;
    pending.push(work(item, dueAt));
  }
  await Promise.all(pending);
}
