import { readFileSync } from 'node:fs';
import { etag } from 'hono/etag';
import type { BaseUrl } from '../../http/base-url.ts';
import { newRoutes, type Routes } from '../../http/hono-routes.ts';
import { once } from '../../http/once.ts';
import { EXAMPLE_URL } from './example.ts';

/** Seconds for which a document may be cached. */
const MAX_AGE = 300;

/** The documents, each made on first use: that takes a tenth of a second and several megabytes. */
export interface DocumentReaders {
  readonly api: () => Promise<object>;
  readonly graphqlSchema: () => string;
}

/** Creates the routes of the documents. The URL of the request replaces that of the examples. */
export function createDocuments(baseUrl: BaseUrl, { api, graphqlSchema }: DocumentReaders): Routes {
  const documents = newRoutes();
  const json = once(async () => JSON.stringify(await api()));
  // An index for language models (llmstxt.org).
  const index = once(async () => readFileSync(new URL('./llms.txt', import.meta.url), 'utf8'));
  const yaml = once(async () => toYaml(JSON.parse(await json())));

  const serve = (path: string, type: string, read: () => string | Promise<string>) =>
    documents.get(path, etag(), async (c) => {
      const base = baseUrl(c.req.header('host'));
      const text = (await read()).replaceAll(EXAMPLE_URL, () => base);
      c.header('cache-control', `public, max-age=${MAX_AGE}`);
      return c.body(text, 200, { 'content-type': type });
    });
  serve('/openapi.json', 'application/json', json);
  // The path of the replaced service.
  serve('/api/schema', 'application/vnd.oai.openapi+json;version=3.1', json);
  serve('/openapi.yaml', 'application/yaml', yaml);
  serve('/llms.txt', 'text/plain; charset=utf-8', index);
  serve('/schema.graphql', 'text/plain; charset=utf-8', graphqlSchema);
  return documents;
}

async function toYaml(api: object): Promise<string> {
  const { stringify } = await import('yaml');
  // YAML 1.1 needs quotes around dates, and is valid YAML 1.2.
  return stringify(api, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 });
}
