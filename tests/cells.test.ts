import { expect, it } from 'vitest';
import { address } from '#src/accounts/email-address.ts';
import { BUCKETS } from '#src/cells/bucket-owners.ts';
import type { CellMap } from '#src/cells/cell-map.ts';
import { createCellRouter } from '#src/cells/cell-router.ts';

const key = Buffer.alloc(32, 7);
const names = ['eu-1', 'eu-2', 'us-1', 'us-2', 'us-3', 'ap-1', 'ap-2', 'ap-3'];
const routerOf = (cells: readonly string[], more = {}) =>
  createCellRouter({ cells: [...cells], ...more }, key);
const addresses = Array.from({ length: 20_000 }, (_, index) => `user-${index}@example.com`);
const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

/** Returns the cell of each bucket. */
const cellsOf = (router: ReturnType<typeof routerOf>) => buckets.map(router.cellOf);

it('keeps each address in its cell, whatever the order of the cells', () => {
  const router = routerOf(names);
  const bucket = router.bucketOf('ada@example.com');
  // Another bucket or cell in a later release would lose the accounts of an installation.
  expect([bucket, router.cellOf(bucket)]).toEqual([2603, 'eu-1']);
  expect(cellsOf(routerOf(names.toReversed()))).toEqual(cellsOf(router));
});

it('has one cell for all spellings of a mailbox', () => {
  const { bucketOf } = routerOf(names);
  const spellings = [
    ['ada@example.com', ' ADA@Example.COM ', 'ada+shop@example.com', 'Ada+a+b@example.com\n'],
    ['ada.l@gmail.com', 'adal@gmail.com', 'A.D.A.L+x@googlemail.com'],
  ];
  for (const all of spellings) {
    expect(new Set(all.map(bucketOf)).size).toBe(1);
    // The canonical address that a cell stores has the bucket of what the user types.
    expect(new Set(all.map((typed) => bucketOf(address.parse(typed)))).size).toBe(1);
    expect(bucketOf(all[0] ?? '')).toBe(bucketOf(all.at(-1) ?? ''));
  }
  expect(bucketOf('a.da@example.com')).not.toBe(bucketOf('ada@example.com'));
});

it.each([2, 3, 8])('spreads addresses over %i cells within 15 %', (count) => {
  const router = routerOf(names.slice(0, count));
  const shares = Map.groupBy(addresses, (each) => router.cellOf(router.bucketOf(each)));
  expect(shares.size).toBe(count);
  for (const { length } of shares.values()) {
    expect(Math.abs((length * count) / addresses.length - 1)).toBeLessThan(0.15);
  }
});

it('moves only the share of a new cell, and into that cell only', () => {
  const before = cellsOf(routerOf(names.slice(0, 7)));
  const after = cellsOf(routerOf(names));
  const moved = buckets.filter((bucket) => before[bucket] !== after[bucket]);
  expect(moved.every((bucket) => after[bucket] === 'ap-3')).toBe(true);
  expect(Math.abs((moved.length * 8) / BUCKETS - 1)).toBeLessThan(0.15);
});

it('moves one bucket after the other while a cell joins', () => {
  const [old, final] = [cellsOf(routerOf(['a', 'b'])), cellsOf(routerOf(['a', 'b', 'c']))];
  const share = buckets.filter((bucket) => final[bucket] === 'c');
  const joining = (moved: readonly number[]) =>
    cellsOf(routerOf(['a', 'b'], { joining: { name: 'c', moved } }));
  expect(joining([])).toEqual(old);
  const [first = -1] = share;
  expect(joining([first])).toEqual(old.with(first, 'c'));
  expect(joining(share)).toEqual(final);
});

it('needs the key to find the bucket of an address', () => {
  const other = createCellRouter({ cells: names }, Buffer.alloc(32, 8));
  const { bucketOf } = routerOf(names);
  const equal = addresses.filter((each) => bucketOf(each) === other.bucketOf(each));
  expect(equal.length).toBeLessThan(30);
});

it.each([
  [{ cells: [] }, 'list at least one cell'],
  [{ cells: ['eu-1', 'EU 2'] }, 'a cell is named by a-z, 0-9 and -, such as eu-1'],
  [{ cells: ['a', 'b', 'a'] }, 'a is listed twice'],
  [{ cells: ['a'], weights: [1] }, 'weights'],
  [{ cells: ['a'], joining: { name: 'a', moved: [] } }, 'a is among the cells already'],
  [{ cells: ['a'], joining: { name: 'b', moved: [BUCKETS] } }, 'expected number to be <4096'],
  [{ cells: ['a'], joining: { name: 'b', moved: buckets } }, 'stays in a: remove it from moved'],
] as [CellMap, string][])('refuses a map of cells (case %#)', (map, message) => {
  expect(() => createCellRouter(map, key)).toThrow(message);
});

it('refuses a short key, and a bucket that does not exist', () => {
  expect(() => createCellRouter({ cells: ['a'] }, Buffer.alloc(16))).toThrow('16 bytes, not 32');
  for (const bucket of [-1, BUCKETS, 0.5]) {
    expect(() => routerOf(['a']).cellOf(bucket)).toThrow(`${bucket} is no bucket`);
  }
});
