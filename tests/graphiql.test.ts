import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { graphiqlExamples } from '#src/graphql/graphiql.ts';
import { schema } from '#src/graphql/schema.ts';
import { useApp } from './support/app.ts';
import type { Answer } from './support/request.ts';

const app = useApp();

const openPage = () => app.fetch('/graphql', { headers: { accept: 'text/html' } });
const filesOf = ({ text }: Answer) =>
  [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);

it('serves GraphiQL as a small page whose files come from this host and are cached', async () => {
  const page = await openPage();
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
  expect(page.text.length).toBeLessThan(5000);
  expect(page.text).toContain('<meta name="viewport"');
  const files = filesOf(page);
  expect(files).toHaveLength(3);
  for (const path of files) {
    expect(path).toMatch(/^\/assets\/[0-9a-f]{16}\/(graphiql\.(js|css)|pages\.css)$/);
    const { status, headers, text } = await app.fetch(path);
    expect([status, headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect(text).not.toMatch(/url\(["']?(https?:)?\/\//);
    expect((await app.fetch(path.replace(/[0-9a-f]{16}/, '0'.repeat(16)))).status).toBe(404);
  }
});

it('lets GraphiQL run its own script and call this host only, and not be framed', async () => {
  const { headers, text } = await openPage();
  const [, nonce = ''] = /<script src="[^"]+" nonce="([^"]+)">/.exec(text) ?? [];
  expect(nonce).toMatch(/^[\w+/]{22}==$/);
  expect(String(headers['content-security-policy']).split('; ').sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    'font-src data:',
    "form-action 'none'",
    "frame-ancestors 'none'",
    'img-src data:',
    `script-src 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    'worker-src blob:',
  ]);
  expect((await openPage()).text).not.toContain(nonce);
});

it('opens GraphiQL with the sign-in operations in its tabs, all valid against the schema', async () => {
  const script = filesOf(await openPage()).find((path) => path.endsWith('.js')) ?? '';
  const { text } = await app.fetch(script);
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(graphiqlExamples.length).toBeGreaterThan(3);
  for (const { query } of graphiqlExamples) {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(text).toContain(JSON.stringify(query).slice(1, -1));
  }
});

it('serves queries by GET to clients that do not accept HTML', async () => {
  const answer = await app.fetch('/graphql?query={__typename}');
  expect(answer.text).toBe('{"data":{"__typename":"Query"}}');
});
