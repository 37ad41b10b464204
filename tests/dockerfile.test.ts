import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { useApp } from './support/app.ts';
import { start } from './support/command.ts';
import { machineVariables } from './support/machine-variables.ts';

/** The Dockerfile without a Docker engine. `npm run packaging` installs and runs what it contains. */
const root = resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const lines = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n');
/** Returns the arguments of every instruction with this name. */
const argumentsOf = (name: string): string[] =>
  lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
const commandOf = (name: string): string[] =>
  JSON.parse(/\[.*\]$/.exec(argumentsOf(name).at(-1) ?? '')?.[0] ?? '[]');

const app = useApp();
const run = ([, ...words]: string[], variables = {}) =>
  start([process.execPath, ...words], {
    cwd: root,
    env: { ...machineVariables(), NODE_ENV: 'production', ...variables },
  }).ended;

it('uses an official Node 26 image, at least as new as the development version, and runs as a non-root user', () => {
  const [, minor] = /^node:26\.(\d+)\.\d+-\w+-slim(?:@.+)?$/.exec(argumentsOf('FROM').join()) ?? [];
  expect(Number(minor)).toBeGreaterThanOrEqual(Number(process.versions.node.split('.')[1]));
  expect(argumentsOf('USER')).toEqual(['node']);
});

it('copies what production needs, and nothing else', () => {
  const copied = argumentsOf('COPY').flatMap((names) => names.split(' ').slice(0, -1));
  const needed = ['package.json', 'package-lock.json', '.npmrc', 'vendor', 'bin', 'src', 'worker'];
  expect(copied).toEqual(needed);
  const [everything, ...sent] = read('.dockerignore')
    .replace(/^#.*\n/gm, '')
    .trim()
    .split('\n');
  expect(everything).toBe('*');
  expect(sent.map((line) => line.replace('!', '')).sort()).toEqual(needed.toSorted());
});

it('installs production packages only, from the lock file', () => {
  expect(argumentsOf('RUN')[0]).toMatch(/ npm ci --omit=dev$/);
});

it('loads the whole service once while it builds', async () => {
  const command = commandOf('RUN');
  expect(command.includes('--expose-gc')).toBe(read('bin/gatehouse').includes('--expose-gc'));
  const list = join(mkdtempSync(join(tmpdir(), 'gatehouse-tests-')), 'modules.txt');
  onTestFinished(() => rmSync(dirname(list), { recursive: true }));
  const hook = pathToFileURL(join(root, 'tests/scripts/list-modules.ts')).href;
  const { code, output } = await run(command, {
    NODE_OPTIONS: `--import ${hook}`,
    MODULES: list,
  });
  expect([code, output]).toEqual([0, '']);
  const loaded = new Set(readFileSync(list, 'utf8').split('\n'));
  const files = globSync('{src,worker}/**/*.ts', { cwd: root, exclude: ['**/*.d.ts'] });
  const missing = files.filter((file) => !loaded.has(pathToFileURL(join(root, file)).href));
  expect(missing).toEqual(['src/cli/main.ts']);
});

it('starts the server unless told otherwise', () => {
  expect(commandOf('CMD')).toEqual(['bin/gatehouse', 'server']);
});

it('is healthy only while the server responds', async () => {
  const check = commandOf('HEALTHCHECK');
  expect((await run(check, { PORT: new URL(app.url).port })).code).toBe(0);
  expect((await run(check, { PORT: '1' })).code).not.toBe(0);
});

it('contains every file that production imports', () => {
  const files = globSync(['src/**/*.ts', 'worker/**/*.ts'], { cwd: root });
  const outside = files.filter((file) =>
    /from '(?:#(?:dev|tests)|(?:\.\.\/)+(?:dev|tests))\//.test(read(file)),
  );
  expect(outside).toEqual([]);
});
