import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { describeSelection } from '#src/graphql/describe-selection.ts';
import { printedSchema } from '#src/graphql/schema.ts';
import { describeApi } from '#src/rest/openapi/openapi-document.ts';
import {
  type ApiDocument,
  breakingApiChanges,
  breakingSchemaChanges,
  unannounced,
} from './support/api-changes.ts';

const root = resolve(import.meta.dirname, '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

const [release = ''] = readdirSync(join(root, 'releases'))
  .filter((name) => /^\d/.test(name))
  .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
const released = {
  schema: read('releases', release, 'schema.graphql'),
  api: JSON.parse(read('releases', release, 'openapi.json')) as ApiDocument,
};

it('breaks no client of the last release without an entry under Breaking in the changelog', () => {
  const api = JSON.parse(JSON.stringify(describeApi(describeSelection))) as ApiDocument;
  const changes = [
    ...breakingSchemaChanges(released.schema, printedSchema()),
    ...breakingApiChanges(released.api, api),
  ];
  const cure = `name each in a line under "### Breaking" above ## [${release}] in CHANGELOG.md`;
  expect(unannounced(changes, read('CHANGELOG.md'), release), cure).toEqual([]);
});

it.each([
  ['Query.me', /\n {2}me: User\b/, '\n  myself: User'],
  ['User.email', /(type User \{[^}]*?)\n {2}email: String!/, '$1\n  email: String'],
  ['LoginInput.password', /(input LoginInput \{[^}]*?) password: String!/, '$1 secret: String'],
  ['AuditEventName.OTP_FAILED', /\n {2}OTP_FAILED\b/, '\n  OTP_WRONG'],
  ['Mutation.logout(input:)', /logout\([^)]*\)/, 'logout(input: LogoutInput!)'],
])('finds a breaking change of the GraphQL schema: %s', (name, pattern, text) => {
  const changed = released.schema.replace(pattern, text);
  expect(changed).not.toBe(released.schema);
  const names = breakingSchemaChanges(released.schema, changed).flatMap((each) => each.names);
  expect(names).toContain(name);
});

interface Loose {
  [name: string]: Loose;
}

it.each<[names: string[], change: (api: Loose) => unknown]>([
  [['GET /api/v1/auth/me'], ({ paths }) => delete paths?.['/api/v1/auth/me']?.get],
  [['POST /api/v1/auth/login', 'challenge_id'], (api) => delete challengeOf(api)?.challenge_id],
  [
    ['POST /api/v1/auth/login', 'expires_in'],
    (api) => set(challengeOf(api)?.expires_in, 'type', 'string'),
  ],
  [['POST /api/v1/auth/login', 'password'], (api) => delete inputOf(api)?.properties?.password],
  [['POST /api/v1/auth/login', 'device'], (api) => demand(inputOf(api), 'device')],
  [
    ['POST /api/v1/auth/login', 'email'],
    (api) => set(inputOf(api)?.properties?.email, 'maxLength', 9),
  ],
  [
    ['POST /api/v1/auth/login'],
    (api) => delete api.paths?.['/api/v1/auth/login']?.post?.responses?.['202'],
  ],
  [['POST /api/v1/auth/login'], (api) => delete api.paths?.['/api/v1/auth/login']?.post?.security],
  [['GET /api/v1/audit/logs', 'event'], (api) => set(parameterOf(api, 'event'), 'name', 'kind')],
])('finds a breaking change of the OpenAPI document: %j', (names, change) => {
  const changed = structuredClone(released.api);
  expect(breakingApiChanges(released.api, changed)).toEqual([]);
  change(changed as unknown as Loose);
  expect(breakingApiChanges(released.api, changed).map((each) => each.names)).toContainEqual(names);
});

it('takes additions for compatible', () => {
  const current = structuredClone(released.api) as unknown as Loose;
  const body = inputOf(current);
  set(body?.properties, 'device', { type: 'string' });
  set(challengeOf(current), 'hint', { type: 'string' });
  set(current.paths, '/api/v1/new', { get: { responses: {} } });
  expect(breakingApiChanges(released.api, current as unknown as ApiDocument)).toEqual([]);
});

it('accepts only an entry of the unreleased sections that names the change', () => {
  const change = { names: ['POST /a', 'email'], text: 'POST /a, email: was removed.' };
  const log = (entry: string) =>
    `# Changelog\n\n## [2.0.0] - unreleased\n\n${entry}\n\n### Added\n\n- \`POST /a\` \`email\`\n\n## [1.0.0]\n\n### Breaking\n\n- \`POST /a\`: \`email\``;
  const rejected = ['', '### Breaking\n\n- `POST /a`', '### Breaking\n\n- `POST /a` `emails`'];
  for (const entry of rejected) {
    expect(unannounced([change], log(entry), '1.0.0')).toEqual([change.text]);
  }
  const named = '### Breaking, for frontends\n\n| `POST /a` | no `email` | send an id |';
  expect(unannounced([change], log(named), '1.0.0')).toEqual([]);
});

const LOGIN = '/api/v1/auth/login';

const inputOf = ({ paths }: Loose) =>
  paths?.[LOGIN]?.post?.requestBody?.content?.['application/json']?.schema;

function parameterOf({ paths }: Loose, name: string): Loose | undefined {
  const parameters = paths?.['/api/v1/audit/logs']?.get?.parameters as unknown as Loose[];
  return parameters.find((each) => (each.name as unknown) === name);
}

function set(target: Loose | undefined, name: string, value: unknown): void {
  Object.assign(target ?? {}, { [name]: value });
}

function demand(schema: Loose | undefined, name: string): void {
  set(schema?.properties, name, { type: 'string' });
  set(schema, 'required', [...((schema?.required ?? []) as Iterable<string>), name]);
}

const challengeOf = ({ components }: Loose) => components?.schemas?.OtpChallenge?.properties;
