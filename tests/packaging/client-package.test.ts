import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../client/build.ts';
import manifest from '../../client/package.json' with { type: 'json' };
import root from '../../package.json' with { type: 'json' };
import { bundle } from '../support/client-bundle.ts';
import { blocksOf } from '../support/documents.ts';

/** Largest size of the core in a page: bytes, minified and compressed. */
const MAX_SIZE = 6 * 1024;

const project = resolve(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-client-'));
/** An application that has installed the package. */
const application = join(directory, 'application');
const installed = join(application, 'node_modules/@gatehouse/client');
let packed: string[] = [];

beforeAll(async () => {
  const output = join(directory, 'package');
  mkdirSync(output);
  build(output);
  const { stdout } = await execa('npm', ['pack', '--json'], { cwd: output });
  const [{ filename, files }] = JSON.parse(stdout);
  packed = files.map(({ path }: { path: string }) => path);
  mkdirSync(installed, { recursive: true });
  const archive = join(output, filename);
  await execa('tar', ['--extract', '--strip-components=1', '--file', archive], { cwd: installed });
  for (const name of ['react', 'jose', 'hono', '@types/react', 'csstype']) {
    const link = join(application, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(project, 'node_modules', name), link);
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('contains compiled modules with their types, a README and a licence, and nothing else', () => {
  const expected =
    /^(LICENSE|README\.md|package\.json|dist\/(src|generated)\/[\w/-]+\.(js|d\.ts))$/;
  expect(packed.filter((path) => !expected.test(path))).toEqual([]);
  for (const target of Object.values(manifest.exports)) {
    const path = target.replace('./', '');
    expect(packed).toContain(path);
    expect(packed).toContain(path.replace(/\.js$/, '.d.ts'));
  }
  expect(manifest.version).toBe(root.version);
  expect(manifest).not.toHaveProperty('dependencies');
});

it('adds at most 6 kB to a page', async () => {
  const code = await bundle(join(installed, 'dist/src/client.js'));
  const size = gzipSync(code, { level: 9 }).length;
  process.stdout.write(`@gatehouse/client: ${size} bytes, minified and gzipped\n`);
  expect(size).toBeLessThan(MAX_SIZE);
  expect(size).toBeGreaterThan(2000);
});

it('compiles every example of its README and of the home page, without skipping the types of libraries', async () => {
  const blocks = ['client/README.md', 'src/pages/home-samples.md'].flatMap(blocksOf);
  const examples = blocks.flatMap(({ code, document }) => {
    const [, name] = /^\/\/ src\/(\S+)\n/.exec(code) ?? [];
    const directory = join(application, 'src', basename(document, '.md'));
    return name ? [{ path: join(directory, name), code }] : [];
  });
  expect(examples.length).toBeGreaterThan(3);
  for (const { path, code } of examples) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  const compilerOptions = {
    ...{ module: 'esnext', moduleResolution: 'bundler', target: 'es2022', jsx: 'react-jsx' },
    ...{ strict: true, noEmit: true, skipLibCheck: false, types: [] },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    lib: ['es2022', 'dom', 'dom.iterable'],
  };
  const configuration = join(application, 'tsconfig.json');
  writeFileSync(configuration, JSON.stringify({ compilerOptions, include: ['src'] }));
  const compiler = join(project, 'node_modules/typescript/bin/tsc');
  const { stdout, exitCode } = await execa(process.execPath, [compiler, '-p', configuration], {
    reject: false,
  });
  expect([stdout, exitCode]).toEqual(['', 0]);
});

it('is loaded by Node under its published names', async () => {
  const entries = Object.keys(manifest.exports).filter((name) => !name.endsWith('.json'));
  const names = entries.map((entry) => `@gatehouse/client${entry.slice(1)}`);
  const script = `
    for (const name of ${JSON.stringify(names)}) console.log(Object.keys(await import(name)).join());
  `;
  const options = { cwd: application, input: script };
  const { stdout } = await execa(process.execPath, ['--input-type=module'], options);
  expect(stdout.split('\n')[0]).toBe('createClient,memoryStorage');
  expect(stdout.split('\n')).toHaveLength(names.length);
});

it('names no file of the sources in its types', () => {
  const types = packed.filter((path) => path.endsWith('.d.ts'));
  expect(types.length).toBeGreaterThan(5);
  const texts = types.map((path) => readFileSync(join(installed, path), 'utf8'));
  expect(texts.filter((text) => /from '[^']+\.ts'/.test(text))).toEqual([]);
});
