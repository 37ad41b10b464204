import { html } from 'hono/html';
import type { Config } from '../config/load-config.ts';
import type { Routes } from '../http/hono-routes.ts';
import { once } from '../http/once.ts';
import { createAsset } from './assets.ts';
import { type Page, showPage } from './layout.ts';

/** Files of GraphiQL. */
export interface ExplorerFiles {
  readonly script: string;
  readonly style: string;
}

/** Serves GraphiQL on `/graphql`: a small page, and separate files that browsers cache. */
export function addExplorer(
  routes: Routes,
  config: Config,
  read: () => Promise<ExplorerFiles>,
): void {
  const load = once(async () => {
    const { script, style } = await read();
    return { js: createAsset('graphiql.js', script), css: createAsset('graphiql.css', style) };
  });
  routes.get('/graphql', async (c) => {
    const { js, css } = await load();
    return showPage(c, explorerPage(js.path, css.path), config);
  });
  for (const type of ['js', 'css'] as const) {
    routes.get(`/assets/:version/graphiql.${type}`, async (c) => {
      const asset = (await load())[type];
      return c.req.path === asset.path ? asset.respond(c) : c.notFound();
    });
  }
}

/** Loads the style below the header, so that browsers show the header first. */
const explorerPage = (script: string, style: string): Page => ({
  title: 'Gatehouse · GraphiQL',
  policy,
  content: (nonce) => html`<link rel="stylesheet" href="${style}">
<div id="root" role="main">
<noscript><p>GraphiQL needs JavaScript.</p></noscript>
</div>
<script src="${script}" nonce="${nonce}"></script>`,
});

/** Policy of the page. The editor, Monaco, writes styles and starts workers on this host. */
const policy = (nonce: string) => ({
  'script-src': `'nonce-${nonce}'`,
  'worker-src': 'blob:',
  'style-src': "'self' 'unsafe-inline'",
  'font-src': 'data:',
  'connect-src': "'self'",
});
