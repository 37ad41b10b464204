import { randomBytes } from 'node:crypto';
import { html } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { createAsset, once } from './assets.ts';
import { document } from './layout.ts';

/** Files of GraphiQL. */
export interface ExplorerFiles {
  readonly script: string;
  readonly style: string;
}

/** Serves GraphiQL on `/graphql`: a small page, and separate files that browsers cache. */
export function addExplorer(routes: Routes, read: () => Promise<ExplorerFiles>): void {
  const load = once(async () => {
    const { script, style } = await read();
    return { js: createAsset('graphiql.js', script), css: createAsset('graphiql.css', style) };
  });
  routes.get('/graphql', async (c) => {
    const { js, css } = await load();
    const nonce = randomBytes(16).toString('base64');
    c.header('content-security-policy', `script-src 'nonce-${nonce}'; ${policy}`);
    return c.html(page(js.path, css.path, nonce));
  });
  for (const type of ['js', 'css'] as const) {
    routes.get(`/assets/:version/graphiql.${type}`, async (c) => {
      const asset = (await load())[type];
      return c.req.path === asset.path ? asset.respond(c) : c.notFound();
    });
  }
}

const page = (script: string, style: string, nonce: string) =>
  document(
    'Gatehouse · GraphiQL',
    html`<link rel="stylesheet" href="${style}">`,
    html`<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script src="${script}" nonce="${nonce}"></script>`,
  );

/** Policy of the page. The editor, Monaco, writes styles and starts workers on this host. */
const policy = [
  "default-src 'none'",
  'worker-src blob:',
  "style-src 'self' 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
