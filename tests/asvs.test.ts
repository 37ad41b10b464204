import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Every requirement of ASVS 5.0.0 of levels 1 and 2, section by section. */
const LEVELS_1_AND_2 = `
  1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6
  3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12
  6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2
  8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2
  10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1
  13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5
  16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2`;

/** Requirements of level 3 that the document lists. */
const LEVEL_3 = `
  1.3.12 1.5.3 4.1.4 6.3.5 6.3.7-8 8.3.2 11.2.4 13.1.2-3 13.2.6 13.3.4 13.4.6 15.4.1-4 16.5.4
  6.3.6 10.4.14 11.7.1 13.3.3`;

/** Expands a range: `1.2.1-3` is `1.2.1`, `1.2.2` and `1.2.3`. */
function idsIn(range: string): string[] {
  const [, section, first, last = first] = /^(\d+\.\d+)\.(\d+)(?:[-–](\d+))?†?$/.exec(range) ?? [];
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, index) => `${section}.${Number(first) + index}`);
}

const idsOf = (ranges: string): string[] => (ranges.match(/\S+/g) ?? []).flatMap(idsIn);

interface Entry {
  readonly verdict: string;
  readonly ranges: readonly string[];
  readonly text: string;
}

const path = resolve(import.meta.dirname, '../docs/reference/asvs.md');
const [, ...sections] = readFileSync(path, 'utf8').split(/^## /m);
const entries = sections.flatMap((section) =>
  Array.from(
    section.matchAll(/^- \*\*(.+?)\*\*(.*)$/gm),
    ([, ranges = '', text = '']): Entry => ({
      verdict: section.split('\n')[0] ?? '',
      ranges: ranges.split(', '),
      text,
    }),
  ),
);

it('has each requirement of ASVS in exactly one entry', () => {
  const ranges = entries.flatMap((entry) => entry.ranges);
  const level3 = ranges.filter((range) => range.endsWith('†'));
  const expected = [...idsOf(LEVELS_1_AND_2), ...idsOf(LEVEL_3)];
  expect(ranges.flatMap(idsIn).sort()).toEqual(expected.sort());
  expect(level3.flatMap(idsIn).sort()).toEqual(idsOf(LEVEL_3).sort());
});

it('links a test in every entry that is met, and evidence in every one met by review', () => {
  const without = (verdict: string, link: RegExp) =>
    entries.filter((entry) => entry.verdict === verdict && !link.test(entry.text));
  expect(new Set(entries.map(({ verdict }) => verdict)).size).toBe(6);
  expect(without('Met', /\]\(\.\.\/\.\.\/tests\//)).toEqual([]);
  expect(without('Met, checked by review', /\]\([^)]+\)/)).toEqual([]);
});
