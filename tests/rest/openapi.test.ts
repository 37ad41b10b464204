import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { EXAMPLE_URL } from '#src/rest/example.ts';
import { describeApi } from '#src/rest/openapi.ts';
import { routes } from '#src/rest/routes.ts';
import { useApp } from '../support/app.ts';
import { DocumentedApi, exampleBody, type Operation } from './documented-api.ts';

const app = useApp({ API_DOCS: 'false' });
const api = new DocumentedApi(describeApi());

it('describes every route, and no other', () => {
  const described = api.rest.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(described).toEqual(routes.map(({ method, path }) => `${method} /api/v1${path}`));
});

it('is one document in three places, as JSON and as YAML, whose examples name the host', async () => {
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
  const expected = JSON.stringify(describeApi()).replaceAll(EXAMPLE_URL, app.url);
  expect(json.text).toBe(expected);
  expect(schema.text).toBe(expected);
  for (const version of ['1.1', '1.2'] as const) {
    expect(parse(yaml.text, { version })).toEqual(JSON.parse(expected));
  }
});

it('breaks no rule of those who read such documents', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const findings = await lintFromString({ source: JSON.stringify(describeApi()), config });
  // A probe has nothing to get wrong, and so no answer of 4xx.
  const probes = /^#\/paths\/~1(healthz|readyz)\//;
  const left = findings.filter(
    ({ ruleId, location: [place] }) =>
      ruleId !== 'operation-4xx-response' || !probes.test(place?.pointer ?? ''),
  );
  expect(
    left.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
  ).toEqual([]);
});

it('describes the routes beside those of the table', async () => {
  const misfits = async (path: string) => {
    const operation = api.operations.find((each) => each.path === path) as Operation;
    return api.misfits(operation, await app.fetch(path));
  };
  expect(api.operations.slice(api.rest.length)).toHaveLength(3);
  expect(await misfits('/.well-known/jwks.json')).toEqual([]);
  expect(await misfits('/healthz')).toEqual([]);
  expect(await misfits('/readyz')).toEqual([]);

  const evaluate = vi.spyOn(app.runtime.redis, 'eval').mockRejectedValue(new Error('away'));
  onTestFinished(() => evaluate.mockRestore());
  await app.eventually(async () => (await app.fetch('/readyz')).status === 503);
  expect(await misfits('/readyz')).toEqual([]);
});

it('lets answers have more one day', () => {
  expect(JSON.stringify(describeApi())).not.toContain('"additionalProperties":false');
});

it('says that a code may be a number', () => {
  const takeCode = api.rest.filter((operation) => exampleBody(operation)?.otp);
  expect(takeCode).toHaveLength(3);
  for (const operation of takeCode) {
    const example = exampleBody(operation);
    expect(api.bodyMisfits(operation, { ...example, otp: 1234 })).toEqual([]);
    expect(api.bodyMisfits(operation, { ...example, otp: 1_000_000 })).not.toEqual([]);
  }
});
