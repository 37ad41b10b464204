import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { offencesIn } from './support/english.ts';

const root = resolve(import.meta.dirname, '..');
const places = [
  ...['src/**', 'worker/**', 'dev/**', 'bin/**', 'tests/**', 'docs/**'],
  ...['bench/**', 'client/**', 'console/**', 'examples/**', '*.md', 'schema.graphql'],
];
/** Files that quote the banned words, files that record the past, and files of others. */
const exempt = [
  ...['tests/support/english.ts', 'tests/english.test.ts', 'CHANGELOG.md'],
  ...[
    'src/db/migrations/**',
    '**/node_modules/**',
    'tests/clients/.generated/**',
    'dist/**',
    'examples/*/{dist,.next}/**',
    'client/generated/**',
  ],
];

it('uses the standard terms, and begins comments and descriptions with a verb or a noun', () => {
  const files = globSync(places, { cwd: root, exclude: exempt });
  const texts = files.filter((file) => /\.(tsx?|js|mjs|md|graphql|sh|sql)$/.test(file));
  const offences = texts.flatMap((file) => offencesIn(root, file));
  expect(
    offences.map(({ file, line, word, text }) => `${file}:${line} ${word}: ${text.trim()}`),
  ).toEqual([]);
});
