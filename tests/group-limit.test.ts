import { expect, it } from 'vitest';
import { GroupLimit } from '#src/concurrency/group-limit.ts';

/** Work of the names that are given, which ends when the test says so. */
function openWork(limit: GroupLimit) {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const results: Promise<unknown>[] = [];
  return {
    begun,
    async add(names: string) {
      for (const name of names) {
        const end = Promise.withResolvers<void>();
        ends.set(name, end);
        const work = () => {
          begun.push(name);
          return end.promise;
        };
        results.push(limit.run(work).catch((error) => error));
      }
      await new Promise(setImmediate);
    },
    async end(names: string, error?: Error) {
      for (const name of names) {
        if (error) ends.get(name)?.reject(error);
        else ends.get(name)?.resolve();
        await new Promise(setImmediate);
      }
    },
    results: () => Promise.all(results),
  };
}

it('starts work at once while only few run, then in groups, and at most so many', async () => {
  const limit = new GroupLimit({ most: 4, few: 2 });
  const { begun, add, end, results } = openWork(limit);
  await add('ab');
  expect(begun.join('')).toBe('ab');
  await add('cdefgh');
  expect(begun.join('')).toBe('abc');
  await end('a');
  // Two were left, so that two more began together.
  expect(begun.join('')).toBe('abcde');
  expect(limit.running).toBe(4);
  await end('b', new Error('failed'));
  expect(begun.join('')).toBe('abcde');
  await end('c');
  expect(begun.join('')).toBe('abcdefg');
  await end('defg');
  await end('h');
  expect(limit.running).toBe(0);
  expect((await results()).filter((result) => result instanceof Error)).toHaveLength(1);
});
