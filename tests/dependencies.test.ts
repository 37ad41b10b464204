import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

type Versions = Record<string, string>;

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly engines?: { readonly node?: string };
}

const manifest: Record<'dependencies' | 'devDependencies', Versions> = JSON.parse(
  read('package.json'),
);
/** Installs Node for development. */
const nodes: { optionalDependencies: Versions } = JSON.parse(read('vendor/node/package.json'));
const pinned: Versions = Object.fromEntries(
  [manifest.dependencies, manifest.devDependencies, nodes.optionalDependencies]
    .flatMap((versions) => Object.entries(versions))
    .filter(([, version]) => !version.startsWith('file:vendor/')),
);
const lock: { packages: Record<string, LockedPackage> } = JSON.parse(read('package-lock.json'));
// Packages in vendor/ are our own.
const locked = Object.entries(lock.packages).filter(
  ([path, { link }]) => path !== '' && !path.startsWith('vendor/') && !link,
);

/** The packages that docs/reference/dependencies.md describes: a name or several a row. */
const described = [
  ...read('docs/reference/dependencies.md').matchAll(/^\| ([^*| ][^*|]*) \| .+ \|$/gm),
]
  .flatMap(([, names = '']) => names.split(', '))
  .filter((name) => name !== 'package' && name !== '---' && !name.startsWith('ReDoc'));

const packageOf = (target: string) =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');

const IMPORT = /(?<!')\b(?:from |import(?:\.meta\.resolve)?\s*\(?\s*)'([^'.#][^']*)'/g;
const RESOLVED = /import\.meta\.resolve\(`([^`$]+)/g;

const imports = globSync(['src/**/*.ts', 'worker/**/*.ts'], { cwd: root }).flatMap((file) =>
  [...read(file).matchAll(IMPORT), ...read(file).matchAll(RESOLVED)].flatMap(([, target = '']) =>
    target.startsWith('node:') ? [] : [{ file, name: packageOf(target) }],
  ),
);

it('pins every package to one exact version', () => {
  const loose = Object.entries(pinned).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(Object.keys(pinned).length).toBeGreaterThan(30);
  expect(loose).toEqual([]);
});

it('documents exactly the installed packages', () => {
  expect(described.sort()).toEqual(Object.keys(pinned).sort());
});

it('locks every package by its hash, without a registry URL', () => {
  expect(locked.length).toBeGreaterThan(200);
  const unhashed = locked.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  const addressed = locked.filter(([, { resolved }]) => resolved !== undefined);
  expect(unhashed.map(([path]) => path)).toEqual([]);
  expect(addressed.map(([path]) => path)).toEqual([]);
});

it('has the pinned versions in the lock file', () => {
  const inLock = Object.keys(pinned).map((name) => [
    name,
    lock.packages[`node_modules/${name}`]?.version,
  ]);
  expect(Object.fromEntries(inLock)).toEqual(pinned);
});

it('keeps the versions of related packages together', () => {
  const families = [
    /^@mikro-orm\//,
    /^@opentelemetry\/(sdk-trace|resources|context-async-hooks)$/,
    /^(graphql-yoga|@graphql-yoga\/render-graphiql)$/,
    /^node-/,
  ];
  for (const family of families) {
    const versions = Object.entries(pinned).filter(([name]) => family.test(name));
    expect(versions.length).toBeGreaterThan(1);
    expect(new Set(versions.map(([, version]) => version)).size).toBe(1);
  }
  // Redocly's linter brings a graphql of its own, and is no part of the service.
  const second = locked.filter(([path]) =>
    /^(?!node_modules\/@redocly\/).+\/node_modules\/(graphql|nodemailer)$/.test(path),
  );
  expect(second.map(([path]) => path)).toEqual([]);
});

it('runs no install scripts', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
});

/** Only its types are imported: an operator installs it, and its packages are loaded by name. */
const SDK = 'src/adapters/start-tracing.ts';

it('imports only direct dependencies in production', () => {
  expect(imports.length).toBeGreaterThan(40);
  expect(read(SDK).match(/(?<!typeof )\bimport\('/g)).toBeNull();
  const foreign = imports.filter(
    ({ file, name }) =>
      !(name in manifest.dependencies) && !(file === SDK && name in manifest.devDependencies),
  );
  expect(foreign.map(({ file, name }) => `${file} → ${name}`)).toEqual([]);
});

it('uses every dependency', () => {
  const used = new Set(imports.map(({ name }) => name));
  const ours = Object.keys(manifest.dependencies).filter((name) => name in pinned);
  expect(ours.filter((name) => !used.has(name))).toEqual([]);
});

it('installs every native package, even if npm runs on an older Node', () => {
  // npm drops an optional package whose `engines` do not fit: run tests/scripts/drop-engines.mjs.
  const native = locked.filter(([path, { optional }]) => optional && /\/binding-/.test(path));
  expect(native.length).toBeGreaterThan(10);
  expect(native.filter(([, { engines }]) => engines).map(([path]) => path)).toEqual([]);
});

it('overrides with plain versions only: npm 9 reads no lock file beside an alias', () => {
  const { overrides } = JSON.parse(read('package.json'));
  expect(JSON.stringify(overrides)).not.toMatch(/npm:|file:|git/);
});
