import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { problemTypes } from '#src/errors/problem-types.ts';
import { describeSelection } from '#src/graphql/describe-selection.ts';
import { EXAMPLE_URL } from '#src/rest/openapi/example.ts';
import { describeApi } from '#src/rest/openapi/openapi-document.ts';
import { routes } from '#src/rest/rest-routes.ts';
import { useApp } from '../support/app.ts';
import { DocumentedApi, exampleBody, type Operation } from './documented-api.ts';

const app = useApp({ API_DOCS: 'false', INTROSPECTION: 'false', GRAPHIQL: 'false' });
const api = new DocumentedApi(describeApi(describeSelection));

const allCodes = new Set<string>(Object.values(problemTypes).map(({ code }) => code));

/** Lists the values that a schema allows for `code`, through references and unions. */
function codesOf(schema: object): string[] {
  const text = JSON.stringify(schema);
  const names = [...text.matchAll(/#\/components\/schemas\/(\w+Problem)/g)].map(([, name]) => name);
  const referenced = Object.values(problemTypes).flatMap(({ code }, index) => {
    const id = Object.keys(problemTypes)[index]?.replace(/(?:^|-)(\w)/g, (_, c) => c.toUpperCase());
    return names.includes(`${id}Problem`) ? [code] : [];
  });
  const { properties } = schema as { properties?: { code?: { enum?: string[] } } };
  return [...new Set(referenced), ...(properties?.code?.enum ?? [])];
}

it('describes every route, and no other', () => {
  const described = api.rest.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(described).toEqual(routes.map(({ method, path }) => `${method} /api/v1${path}`));
});

it('serves one document at three paths, as JSON and YAML, with the host in its examples', async () => {
  const read = async (path: string) => {
    const { status, headers, text } = await app.fetch(path);
    expect(status).toBe(200);
    return { type: headers['content-type'], text };
  };
  const json = await read('/openapi.json');
  const schema = await read('/api/schema/');
  const yaml = await read('/openapi.yaml');

  expect([json.type, schema.type, yaml.type]).toEqual([
    'application/json',
    'application/vnd.oai.openapi+json;version=3.1',
    'application/yaml',
  ]);
  const expected = JSON.stringify(describeApi(describeSelection)).replaceAll(EXAMPLE_URL, app.url);
  expect(json.text).toBe(expected);
  expect(schema.text).toBe(expected);
  expect(JSON.parse(json.text).servers).toEqual([expect.objectContaining({ url: app.url })]);
  for (const version of ['1.1', '1.2'] as const) {
    expect(parse(yaml.text, { version })).toEqual(JSON.parse(expected));
  }
});

it('serves a document that is valid for the linters of OpenAPI', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const source = JSON.stringify(describeApi(describeSelection)).replaceAll(
    EXAMPLE_URL,
    'https://auth.acme.dev',
  );
  const findings = await lintFromString({ source, config });
  expect(
    findings.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
  ).toEqual([]);
});

it('names the code of each rejection in one response of an operation, `default` included', () => {
  for (const { path, responses } of api.rest) {
    const codes = Object.entries(responses).flatMap(([status, { content }]) => {
      const schema = content['application/problem+json']?.schema;
      return schema ? codesOf(schema).map((code) => [code, status] as const) : [];
    });
    const named = new Set(codes.map(([code]) => code));
    expect([path, ...named].sort()).toEqual([path, ...allCodes].sort());
    const inDefault = codes.filter(([, status]) => status === 'default').map(([code]) => code);
    const listed = codes.filter(([, status]) => status !== 'default').map(([code]) => code);
    expect(inDefault.filter((code) => listed.includes(code))).toEqual([]);
  }
});

it('describes the routes beside those of the table', async () => {
  const misfits = async (path: string) => {
    const operation = api.operations.find((each) => each.path === path) as Operation;
    return api.misfits(operation, await app.fetch(path));
  };
  expect(api.operations.slice(api.rest.length)).toHaveLength(9);
  expect(await misfits('/.well-known/jwks.json')).toEqual([]);
  expect(await misfits('/healthz')).toEqual([]);
  expect(await misfits('/readyz')).toEqual([]);

  const evaluate = vi.spyOn(app.runtime.redis, 'eval').mockRejectedValue(new Error('away'));
  onTestFinished(() => evaluate.mockRestore());
  await app.eventually(async () => (await app.fetch('/readyz')).status === 503);
  expect(await misfits('/readyz')).toEqual([]);
});

it('leaves the lists named after fields out of the types', async () => {
  const { schemas } = (
    describeApi(describeSelection) as { components: { schemas: Record<string, object> } }
  ).components;
  expect(schemas.BadUserInputProblem).not.toHaveProperty('additionalProperties');
  const { text } = await app.fetch('/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"password": "x"}',
  });
  const messages = ['This field is required.'];
  expect(JSON.parse(text)).toMatchObject({ errors: { email: messages }, email: messages });
});

it.each(['/schema.graphql', '/openapi.json', '/openapi.yaml'])(
  'sends %s again only when it has changed, in production too',
  async (path) => {
    const first = await app.fetch(path);
    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      'cache-control': 'public, max-age=300',
      etag: expect.stringMatching(/^(W\/)?".+"$/),
    });
    const again = await app.fetch(path, { headers: { 'if-none-match': first.headers.etag ?? '' } });
    expect([again.status, again.text]).toEqual([304, '']);
  },
);

it('serves the schema that the repository holds', async () => {
  const { headers, text } = await app.fetch('/schema.graphql');
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(text).toBe(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
});

it('allows new members in responses', () => {
  expect(JSON.stringify(describeApi(describeSelection))).not.toContain(
    '"additionalProperties":false',
  );
});

it('documents that a code may be a number', () => {
  const takeCode = api.rest.filter((operation) => exampleBody(operation)?.otp);
  expect(takeCode).toHaveLength(5);
  for (const operation of takeCode) {
    const example = exampleBody(operation);
    expect(api.bodyMisfits(operation, { ...example, otp: 1234 })).toEqual([]);
    expect(api.bodyMisfits(operation, { ...example, otp: 1_000_000 })).not.toEqual([]);
  }
});
