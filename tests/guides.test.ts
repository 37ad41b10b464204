import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import client from '../client/package.json' with { type: 'json' };
import { blocksOf, documents, read } from './support/documents.ts';

/** The examples for frameworks. `npm run examples` builds and runs them. */
const root = resolve(import.meta.dirname, '../examples');
const manifests = globSync('*/package.json', { cwd: root });
const examples = manifests.map(dirname).sort();

/** The guides whose code is that of an example. */
const guides = {
  'docs/guide/react-and-next.md': ['react', 'next', 'next-server'],
  'docs/guide/vue.md': ['vue'],
  'docs/guide/react-native.md': ['react-native'],
};

it.each(Object.entries(guides))('shows the code of the examples: %s', (guide, sources) => {
  const shown = blocksOf(guide).flatMap(({ code }) => {
    const [, path, text] = /^(?:\/\/|<!--) (\S+)(?: -->)?\n(.+)$/s.exec(code) ?? [];
    return path ? [{ path, text }] : [];
  });
  expect(shown.length).toBeGreaterThan(0);
  for (const { path, text } of shown) {
    const files = sources.flatMap((example) => globSync(join(root, example, path)));
    expect(
      files.map((file) => readFileSync(file, 'utf8')),
      path,
    ).toContain(text);
  }
});

it('uses one form of sign-in in every example with React', () => {
  const form = readFileSync(join(root, 'react/src/SignIn.tsx'), 'utf8');
  for (const copy of ['apollo/src/SignIn.tsx', 'urql/src/SignIn.tsx', 'next/app/sign-in.tsx']) {
    const text = readFileSync(join(root, copy), 'utf8');
    expect(text.replace("'use client';\n", ''), copy).toBe(form);
  }
});

it('sends operations that the schema has', () => {
  const schema = buildSchema(read('schema.graphql'));
  const sources = globSync('*/src/*.{ts,tsx}', { cwd: root });
  const operations = sources.flatMap((file) => [
    ...readFileSync(join(root, file), 'utf8').matchAll(/\bgql(?:<[^`]+>)?`([^`]+)`/g),
  ]);
  expect(operations.length).toBeGreaterThan(3);
  for (const [, text = ''] of operations) expect(validate(schema, parse(text))).toEqual([]);
});

it('pins the packages of each example, and locks them without a registry URL', () => {
  expect(examples).toEqual([
    'apollo',
    'next',
    'next-server',
    'react',
    'react-native',
    'rest',
    'urql',
    'vue',
  ]);
  for (const path of manifests) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, path), 'utf8'));
    const versions = Object.values({ ...dependencies, ...devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  }
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
});

it('names the archive that `npm run pack-client` writes', () => {
  const archives = documents.flatMap(
    (path) => read(path).match(/gatehouse-client-[\w.-]+tgz/g) ?? [],
  );
  expect(archives.length).toBeGreaterThan(3);
  expect(new Set(archives)).toEqual(new Set([`gatehouse-client-${client.version}.tgz`]));
});
