import { existsSync, globSync, readFileSync } from 'node:fs';
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

const manifest: Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Versions> =
  JSON.parse(read('package.json'));
const pinned: Versions = Object.fromEntries(
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies]
    .flatMap((versions) => Object.entries(versions))
    .filter(([, version]) => !version.startsWith('file:vendor/')),
);
const lock: { packages: Record<string, LockedPackage> } = JSON.parse(read('package-lock.json'));
// What stands in vendor/ is ours, and no package from elsewhere.
const locked = Object.entries(lock.packages).filter(
  ([path, { link }]) => path !== '' && !path.startsWith('vendor/') && !link,
);

/** A heading `### name, name · version`, and what is below it. */
interface Section {
  readonly heading: string;
  readonly names: readonly string[];
  readonly version: string;
  readonly text: string;
}

const document = read('docs/dependencies.md');
const sections: Section[] = document
  .split(/^(?=##+ )/m)
  .filter((part) => part.startsWith('### '))
  .map((part) => {
    const [, heading = '', names = '', version = ''] = /^### ((.+) · (\S+))$/m.exec(part) ?? [];
    return { heading, names: names.split(', '), version, text: part };
  });

/** The address of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const packageOf = (target: string) =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');

const imports = globSync(['src/**/*.ts', 'worker/**/*.ts'], { cwd: root }).flatMap((file) =>
  [
    ...read(file).matchAll(/(?<!')\b(?:from |import(?:\.meta\.resolve)?\s*\(?\s*)'([^'.#][^']*)'/g),
  ].flatMap(([, target = '']) =>
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

it('describes every package in its version, and none that is gone', () => {
  const described = sections.flatMap(({ names, version }) =>
    names.map((name) => [name, version] as const),
  );
  expect(described.length, 'one section for each package').toBe(Object.keys(pinned).length);
  expect(Object.fromEntries(described)).toEqual(pinned);
});

it('lists every package in the summary, with a link to its section', () => {
  const rows = [...document.matchAll(/^\| \[(.+?)\]\(#(.+?)\) \| (\S+) \| .+ \|$/gm)];
  const listed = rows.map(([, name, anchor, version]) => `${name} ${version} #${anchor}`);
  const expected = sections.flatMap(({ heading, names, version }) =>
    names.map((name) => `${name} ${version} #${anchorOf(heading)}`),
  );
  expect(listed.sort()).toEqual(expected.sort());
});

it('says of each package why it is here, how it is kept, what guards it and the way out', () => {
  const points = ['Why', 'Kept', 'Advisories', 'Guarded by', 'Way out'];
  const incomplete = sections.filter(({ text }) => {
    const found = [...text.matchAll(/^- \*\*(.+?):\*\* \S/gm)].map(([, point]) => point);
    return found.join() !== points.join();
  });
  expect(incomplete.map(({ heading }) => heading)).toEqual([]);
});

it('names only files that exist, and something that guards each package', () => {
  const paths = [...document.matchAll(/`((?:src|worker|tests|bin)\/[^`*]+)`/g)];
  const missing = paths
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(join(root, path)));
  expect(missing).toEqual([]);

  const unguarded = sections.filter(({ text }) => {
    const guard = /^- \*\*Guarded by:\*\* (.+)$/m.exec(text)?.[1] ?? '';
    return !/`tests\/.+?\.ts`|`npm run check`/.test(guard);
  });
  expect(unguarded.map(({ heading }) => heading)).toEqual([]);
});

it('locks every package by its hash, and by no address', () => {
  expect(locked.length).toBeGreaterThan(200);
  const unhashed = locked.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  const addressed = locked.filter(([, { resolved }]) => resolved !== undefined);
  expect(unhashed.map(([path]) => path)).toEqual([]);
  expect(addressed.map(([path]) => path)).toEqual([]);
});

it('locks the versions that are pinned', () => {
  const inLock = Object.keys(pinned).map((name) => [
    name,
    lock.packages[`node_modules/${name}`]?.version,
  ]);
  expect(Object.fromEntries(inLock)).toEqual(pinned);
});

it('keeps together what fits together', () => {
  const families = [/^@mikro-orm\//, /^(graphql-yoga|@graphql-yoga\/render-graphiql)$/, /^node-/];
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

it('imports no package in production that is not a direct dependency', () => {
  expect(imports.length).toBeGreaterThan(40);
  const foreign = imports.filter(({ name }) => !(name in manifest.dependencies));
  expect(foreign.map(({ file, name }) => `${file} → ${name}`)).toEqual([]);
});

it('has no dependency that nothing imports', () => {
  const used = new Set(imports.map(({ name }) => name));
  const ours = Object.keys(manifest.dependencies).filter((name) => name in pinned);
  expect(ours.filter((name) => !used.has(name))).toEqual([]);
});

it('leaves no native part out where npm runs on an older Node than the tests do', () => {
  // npm drops an optional package whose `engines` do not fit: run the line in docs/dependencies.md.
  const native = locked.filter(([path, { optional }]) => optional && /\/binding-/.test(path));
  expect(native.length).toBeGreaterThan(10);
  expect(native.filter(([, { engines }]) => engines).map(([path]) => path)).toEqual([]);
});

it('overrides with plain versions only: npm 9 reads no lock file beside an alias', () => {
  const { overrides } = JSON.parse(read('package.json'));
  expect(JSON.stringify(overrides)).not.toMatch(/npm:|file:|git/);
});
