import { spawnSync } from 'node:child_process';
import { buildSchema, parse as parseGraphql, validate } from 'graphql';
import { expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { referenceTables, withReference } from '#src/cli/reference-tables.ts';
import { variablesOf } from '#src/mail/mail-kinds.ts';
import { problemsOf } from '#src/mail/mail-template.ts';
import example from '../examples/react/package.json' with { type: 'json' };
import manifest from '../package.json' with { type: 'json' };
import { idOf } from './support/administrator.ts';
import { steppedUpAdministrator } from './support/api-key.ts';
import { useApp } from './support/app.ts';
import { gatehouse } from './support/command.ts';
import {
  blocksOf,
  brokenLinks,
  commandsOf,
  documents,
  missingPaths,
  read,
  scriptsOf,
} from './support/documents.ts';
import { insertFactor } from './support/factor-owner.ts';
import { Person } from './support/flow.ts';
import { Reader } from './support/reader.ts';
import { insertTrustedDevice } from './support/trusted-browser.ts';

// A reader of the guides asks for more codes in an hour than production mails.
const app = useApp({ LIMIT_CODE_REQUESTS: '200/3600', TRUSTED_DEVICE_DAYS: '30' });
const blocks = documents.flatMap(blocksOf);
const inLanguage = (...languages: string[]) =>
  blocks.filter(({ language }) => languages.includes(language));

it('links to files and headings that exist', () => {
  expect(documents.length).toBeGreaterThan(40);
  const broken = documents.map((document) => [document, brokenLinks(document)]);
  expect(broken.filter(([, links]) => links?.length)).toEqual([]);
});

it('lists every document but the decisions in llms.txt, for language models', () => {
  expect(brokenLinks('llms.txt')).toEqual([]);
  const index = read('llms.txt');
  const wanted = documents.filter((path) => /^docs\/(?!decisions\/)/.test(path));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((path) => !index.includes(`](${path})`))).toEqual([]);
});

it('serves an index for language models, whose links lead to documents of the service', async () => {
  const { text, headers } = await app.fetch('/llms.txt');
  expect(headers['content-type']).toMatch(/^text\/plain/);
  const links = Array.from(text.matchAll(/\]\(([^)]+)\)/g), ([, url = '']) => url);
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) {
    expect(link).toContain(app.url);
    expect((await app.fetch(link.slice(app.url.length))).status).toBe(200);
  }
  const paths = Array.from(text.matchAll(/`POST \S+?(\/[^`]*)`/g), ([, url = '']) => url);
  expect(paths.length).toBeGreaterThan(3);
  for (const path of paths) {
    const { pathname } = new URL(path, app.url);
    expect((await app.fetch(pathname, { method: 'POST' })).status).not.toBe(404);
  }
});

/** The example of CONTRIBUTING.md. */
const planned = /\/delete-account/;

it('names source files that exist', () => {
  // The changelog names former paths.
  const current = documents.filter((document) => document !== 'CHANGELOG.md');
  const missing = current.flatMap(missingPaths).filter((path) => !planned.test(path));
  expect(missing).toEqual([]);
});

it.each(Object.entries(referenceTables))(
  'keeps the reference of %s in step with the code',
  (path, of) => {
    expect(withReference(read(path), of()), 'run `npm run generate`').toBe(read(path));
  },
);

it('runs every GraphQL operation and curl command of the README and the guides, in order', async () => {
  const steps = {
    'README.md': 5,
    'docs/guide/quick-start.md': 31,
    'docs/guide/rest.md': 4,
    'src/pages/home-samples.md': 3,
  };
  for (const [document, count] of Object.entries(steps)) {
    await app.sql('delete from accounts');
    const reader = new Reader(app);
    for (const { language, code } of blocksOf(document)) {
      if (language === 'graphql') await reader.runOperations(code);
      if (language === 'sh') await reader.runCurls(code);
    }
    expect([document, reader.steps]).toEqual([document, count]);
  }
});

it('runs every GraphQL operation of the guide to second factors, in order', async () => {
  await app.sql('delete from accounts');
  const ada = new Person(app, 'ada@example.com');
  const { accessToken: token } = await ada.signIn();
  const reader = new Reader(app, { token });
  const code = blocksOf('docs/guide/second-factors.md').filter(
    ({ language }) => language === 'graphql',
  );
  for (const block of code) {
    // The operations run outside cookie mode.
    if (block.code.includes('removeTrustedDevice')) await insertTrustedDevice(app, ada);
    await reader.runOperations(block.code);
  }
  expect(reader.steps).toBe(14);
});

it('runs every GraphQL operation of the guide for administrators, in order', async () => {
  await app.sql('delete from accounts');
  const ada = new Person(app, 'ada@example.com');
  await app.runtime.rateLimits.clear(ada.email);
  await ada.signIn();
  const admin = await steppedUpAdministrator(app);
  const reader = new Reader(app, { token: admin.token, id: await idOf(app, ada) });
  const code = blocksOf('docs/guide/administer.md').filter(
    ({ language }) => language === 'graphql',
  );
  for (const block of code) {
    // The guide deletes the user, and invites a new one with the same address.
    if (block.code.includes('resetUserFactors')) await insertFactor(app, ada.email);
    await reader.runOperations(block.code);
  }
  expect(reader.steps).toBe(17);
});

it('shows every query and mutation in the quick start or to administrators', () => {
  const schema = buildSchema(read('schema.graphql'));
  const selections = ['quick-start', 'second-factors', 'passkeys', 'administer', 'webhooks']
    .map((name) => `docs/guide/${name}.md`)
    .flatMap(blocksOf)
    .filter(({ language }) => language === 'graphql')
    .flatMap(({ code }) => parseGraphql(code).definitions)
    .flatMap((definition) =>
      'selectionSet' in definition ? (definition.selectionSet?.selections ?? []) : [],
    );
  const shown = selections.map((field) => ('name' in field ? field.name?.value : ''));
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  expect(new Set(shown)).toEqual(new Set(fields));
  for (const { code } of inLanguage('graphql')) {
    expect(validate(schema, parseGraphql(code))).toEqual([]);
  }
});

/** Checks the syntax of a block, by its language. */
const checks: Readonly<Record<string, (code: string) => void>> = {
  graphql: (code) => parseGraphql(code),
  json: (code) => JSON.parse(code),
  yaml: (code) => expect(Object.keys(parseYaml(code))).toContainEqual(expect.stringMatching(yaml)),
  http: (code) => expect(code).toMatch(/^([\w-]+: .+\n)+$/),
  ini: (code) => expect(code).toMatch(/^\[\w+\]\n(\w+ = .+\n)+$/),
  acl: (code) => expect(code).toMatch(/^user \w+ on( [>~+\w]\S*)+\n$/),
  sh: (code) => expectSuccess('sh', ['-n'], code),
  go: (code) => isThere('gofmt') && expect(expectSuccess('gofmt', [], code)).toBe(code),
  python: (code) => isThere('python3') && expectSuccess('python3', ['-c', compiles], code),
  mermaid: (code) => expect(code).toMatch(/^(flowchart LR|sequenceDiagram)\n/),
  ts: (code) => expect(code).toMatch(/^\/\/ \S+\.ts\n/),
  tsx: (code) => expect(code).toMatch(/^\/\/ \S+\.tsx\n/),
  vue: (code) => expect(code).toMatch(/^<!-- \S+\.vue -->\n/),
  sql: (code) => expect(code).toMatch(/;\n$/),
  java: (code) => expect(code).toMatch(/^\/\/ \S+\.java\n/),
  ruby: (code) => expect(code).toMatch(/^# \S+\.rb\n/),
  nginx: (code) => expect(code).toMatch(/^# \S+\.conf\nserver \{\n/),
  caddy: (code) => expect(code).toMatch(/^\S+ \{\n/),
  html: (code) =>
    expect(problemsOf({ name: 'a', text: code }, { allowed: variablesOf('SIGN_IN_CODE') })).toEqual(
      [],
    ),
};
/** A key of Kubernetes, Traefik or Envoy. */
const yaml = /^(kind|http|http_filters)$/;
const compiles = 'import ast, sys; ast.parse(sys.stdin.read())';

const isThere = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;

function expectSuccess(program: string, args: string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

it('has code blocks of known languages, each well-formed', () => {
  expect(blocks.length).toBeGreaterThan(40);
  expect(blocks.filter(({ language }) => !(language in checks))).toEqual([]);
  for (const { language, code } of blocks) checks[language]?.(code);
});

it('shows npm scripts that exist', () => {
  const known = [...Object.keys(manifest.scripts), ...Object.keys(example.scripts), 'ci'];
  const unknown = documents.flatMap(scriptsOf).filter((script) => !known.includes(script));
  expect(unknown).toEqual([]);
});

it('shows commands and options that exist', async () => {
  const shown = documents.flatMap(commandsOf);
  const options = Map.groupBy(shown, ({ words }) => words.join(' '));
  expect(options.size).toBeGreaterThan(7);
  for (const [words, commands] of options) {
    const { code, output } = await gatehouse([...words.split(' '), '--help']);
    // For an unknown second word, the help of the first one is shown.
    expect([code, output]).toEqual([0, expect.stringContaining(`Usage: gatehouse ${words}`)]);
    for (const option of commands.flatMap((command) => command.options)) {
      expect([words, output]).toEqual([words, expect.stringContaining(option)]);
    }
  }
});

it('shows real responses and log lines of the service', async () => {
  const blocks = inLanguage('json').map(({ code }) => JSON.parse(code));
  const blockWith = (member: string) => blocks.find((block) => member in block);
  const input = { email: 'nobody', password: 'wool-lantern-73' };
  const register = 'mutation ($input: RegisterInput!) { register(input: $input) { detail } }';
  const { errors } = await app.graphql(register, { input });
  expect(errors).toMatchObject(blockWith('errors').errors);

  const ready = JSON.parse((await app.fetch('/readyz')).text);
  expect(Object.keys(ready.parts)).toEqual(Object.keys(blockWith('parts').parts));
  const request = app.logLines.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'request');
  expect(Object.keys(request)).toEqual(expect.arrayContaining(Object.keys(blockWith('msg'))));
});
