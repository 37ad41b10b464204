import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { BaseUrl } from '../../http/base-url.ts';
import { EXAMPLE_URL } from './example.ts';
import { describeApi } from './openapi-document.ts';

/** Seconds for which a document may be kept. */
const MAX_AGE = 300;

/**
 * Creates the routes of the documents for code generators: the OpenAPI document, whose server URL
 * is the address that the client uses, and the GraphQL schema.
 */
export function createDocuments(
  baseUrl: BaseUrl,
  graphqlSchema: string,
): Hono<{ Bindings: HttpBindings }> {
  const documents = new Hono<{ Bindings: HttpBindings }>({ strict: false });
  const api = describeApi();
  const json = JSON.stringify(api);
  let yaml: string | undefined;

  const serve = (path: string, type: string, read: () => string | Promise<string>) =>
    documents.get(path, etag(), async (c) => {
      const base = baseUrl(c.req.header('host'));
      const text = (await read()).replaceAll(EXAMPLE_URL, () => base);
      c.header('cache-control', `public, max-age=${MAX_AGE}`);
      return c.body(text, 200, { 'content-type': type });
    });
  serve('/openapi.json', 'application/json', () => json);
  // As callers of the replaced service know it.
  serve('/api/schema', 'application/vnd.oai.openapi+json;version=3.1', () => json);
  serve('/openapi.yaml', 'application/yaml', async () => (yaml ??= await toYaml(api)));
  serve('/schema.graphql', 'text/plain; charset=utf-8', () => graphqlSchema);
  return documents;
}

/** Takes a tenth of a second, so only where somebody asks for it. */
async function toYaml(api: object): Promise<string> {
  const { stringify } = await import('yaml');
  // Many still read YAML 1.1, where a date without quotes is no text. YAML 1.2 reads this alike.
  return stringify(api, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 });
}
