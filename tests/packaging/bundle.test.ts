import {
  appendFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { machineVariables } from '../support/machine-variables.ts';

/** The bundle that the image contains, in a copy of the project. */
const root = resolve(import.meta.dirname, '../..');
const project = mkdtempSync(join(tmpdir(), 'gatehouse-bundle-'));
const main = join(project, 'dist/main.js');
const installed = join(project, 'node_modules/.package-lock.json');

const env = { ...machineVariables(), NODE_ENV: 'production' };
const run = (file: string, words: readonly string[], variables = {}) =>
  execa(file, words, { cwd: project, env: { ...env, ...variables }, extendEnv: false, all: true });

beforeAll(async () => {
  for (const name of ['bin', 'src', 'worker', 'package.json'])
    cpSync(join(root, name), join(project, name), { recursive: true });
  symlinkSync(join(root, 'vendor'), join(project, 'vendor'));
  mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(project, 'node_modules/.bin/node'));
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.'))
      symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  writeFileSync(installed, '{}');
  await run(process.execPath, ['bin/bundle.ts']);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

it('is complete: while the image is built, all of it is loaded once', async () => {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const [line = '[]'] = text.match(/(?<=^RUN )\["node", .*\]$/m) ?? [];
  const [, ...words]: string[] = JSON.parse(line);
  const usesSameFlags = readFileSync(join(root, 'bin/gatehouse'), 'utf8').includes('--expose-gc');
  expect(words.includes('--expose-gc')).toBe(usesSameFlags);
  const hook = pathToFileURL(join(root, 'tests/scripts/list-modules.ts')).href;
  const list = join(project, 'modules.txt');
  const variables = { NODE_OPTIONS: `--import ${hook}`, MODULES: list };
  const { all } = await run(process.execPath, words, variables);
  expect(all).toBe('');
  const loaded = new Set(readFileSync(list, 'utf8').split('\n'));
  const files = globSync('dist/*.js', { cwd: project });
  const missing = files.filter((file) => !loaded.has(pathToFileURL(join(project, file)).href));
  expect(missing).toEqual(['dist/main.js']);
});

it('is run by bin/gatehouse unless a source or an installed package is newer', async () => {
  appendFileSync(main, "\nprocess.stderr.write('bundle\\n');\n");
  const isRun = async () => (await run('sh', ['bin/gatehouse', '--help'])).stderr === 'bundle';
  const later = (seconds: number) => new Date(Date.now() + seconds * 1000);
  expect(await isRun()).toBe(true);
  const source = join(project, 'worker/main.ts');
  for (const [index, newer] of [source, installed].entries()) {
    utimesSync(newer, later(20 * index + 10), later(20 * index + 10));
    expect(await isRun()).toBe(false);
    utimesSync(main, later(20 * index + 20), later(20 * index + 20));
    expect(await isRun()).toBe(true);
  }
  rmSync(main);
  expect((await run('sh', ['bin/gatehouse', '--help'])).stdout).toContain('Usage: gatehouse');
});
