import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
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
  const [official = '', ...others] = argumentsOf('FROM');
  const [, minor] = /^node:26\.(\d+)\.\d+-\w+-slim(?:@\S+)? AS base$/.exec(official) ?? [];
  expect(Number(minor)).toBeGreaterThanOrEqual(Number(process.versions.node.split('.')[1]));
  expect(others).toEqual(['base AS bundle', 'base']);
  expect(argumentsOf('USER')).toEqual(['node']);
});

it('copies what production needs, and nothing else', () => {
  const copied = argumentsOf('COPY').flatMap((names) => names.split(' ').slice(0, -1));
  const sources = ['bin', 'src', 'worker'];
  const needed = ['package.json', 'package-lock.json', '.npmrc', 'vendor', ...sources];
  expect(copied).toEqual([...needed, ...sources, '--from=bundle', '/app/dist']);
  const [everything, ...sent] = read('.dockerignore')
    .replace(/^#.*\n/gm, '')
    .trim()
    .split('\n');
  expect(everything).toBe('*');
  expect(sent.map((line) => line.replace('!', '')).sort()).toEqual(needed.toSorted());
});

it('installs production packages only, from the lock file', () => {
  expect(argumentsOf('RUN').filter((command) => command.includes('npm'))).toEqual([
    expect.stringMatching(/ npm ci$/),
    expect.stringMatching(/ npm ci --omit=dev$/),
  ]);
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
