import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const manual = readFileSync(resolve(root, 'SECURITY.md'), 'utf8');

/** Every requirement of ASVS 5.0.0 of levels 1 and 2, section by section. */
const LEVELS_1_AND_2 = `
  1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6
  3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12
  6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2
  8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2
  10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1
  13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5
  16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2`;

/** Those of level 3 that are worth having, and those that are out of reach. */
const LEVEL_3 = `
  1.3.12 1.5.3 4.1.4 6.3.5 6.3.7-8 8.3.2 11.2.4 13.1.2-3 13.2.6 13.3.4 13.4.6 15.4.1-4 16.5.4
  6.3.6 10.4.14 11.7.1 13.3.3`;

/** `1.2.1-3` is `1.2.1`, `1.2.2` and `1.2.3`. */
function idsOf(ranges: string): string[] {
  return ranges.match(/\S+/g)?.flatMap(idsIn).sort() ?? [];
}

function idsIn(range: string): string[] {
  const [, section, first, last = first] = /^(\d+\.\d+)\.(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, index) => `${section}.${Number(first) + index}`);
}

/** A requirement, or several, and where Gatehouse stands. */
interface Row {
  readonly ids: readonly string[];
  readonly level3: readonly string[];
  readonly verdict: string;
  readonly rest: string;
}

const rows = Array.from(
  manual.matchAll(/^\| (\d+\.\d+\.\d+[^|]*) \| ([^|]+) \|(.*)\|$/gm),
  ([, cell = '', verdict = '', rest = '']): Row => {
    const names = cell.split(', ');
    const level3 = names.flatMap((name) => /^(.+) \(L3\)$/.exec(name)?.[1] ?? []);
    return { ids: names.map((name) => name.replace(' (L3)', '')), level3, verdict, rest };
  },
);

it('has each requirement of ASVS in exactly one row', () => {
  const expected = [...idsOf(LEVELS_1_AND_2), ...idsOf(LEVEL_3)].sort();
  expect(rows.flatMap(({ ids }) => ids).sort()).toEqual(expected);
  expect(rows.flatMap(({ level3 }) => level3).sort()).toEqual(idsOf(LEVEL_3));
});

it('says of each where it stands, and what shows it', () => {
  const verdicts = ['deviates', 'met', 'n/a', 'operator', 'partly', 'review'];
  expect(rows.filter(({ verdict }) => !verdicts.includes(verdict))).toEqual([]);
  const met = rows.filter(({ verdict }) => verdict === 'met');
  expect(met.filter(({ rest }) => !/\]\(tests\/[^)]+\) \*/.test(rest))).toEqual([]);
  const review = rows.filter(({ verdict }) => verdict === 'review');
  expect(review.filter(({ rest }) => !/\]\((?!#)[^)]+\)/.test(rest))).toEqual([]);
});

/** A file of tests, and the names of some of them: `[login](tests/login.test.ts) *one*; *another*`. */
const NAMED = /\]\((tests\/[^)]+\.test\.ts)\)((?:;? \*[^*\n]+\*)+)/g;

it('names only tests that exist', () => {
  const missing = Array.from(manual.matchAll(NAMED), ([, file = '', names = '']) => {
    const source = readFileSync(resolve(root, file), 'utf8');
    const quoted = (name: string) =>
      [`'${name}'`, `"${name}"`].some((text) => source.includes(text));
    return Array.from(names.matchAll(/ \*([^*]+)\*/g), ([, name = '']) => name)
      .filter((name) => !quoted(name))
      .map((name) => `${file}: ${name}`);
  });
  expect(missing.length).toBeGreaterThan(100);
  expect(missing.flat()).toEqual([]);
  // What stands in italics in a table, and is no such name, would be taken for one.
  const others = manual.replaceAll(NAMED, '').match(/^\|.* \*[^*\n]+\*.*$/gm);
  expect(others).toBeNull();
});

/** As GitHub makes them of headings. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

it('leads nowhere in vain', () => {
  const links = Array.from(manual.matchAll(/\]\(([^)]+)\)/g), ([, target = '']) => target);
  expect(links.length).toBeGreaterThan(200);
  const broken = links.filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = resolve(root, path || 'SECURITY.md');
    if (!existsSync(file)) return true;
    if (anchor === undefined) return false;
    const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
    return !Array.from(headings, ([, heading = '']) => anchorOf(heading)).includes(anchor);
  });
  expect(broken).toEqual([]);
});
