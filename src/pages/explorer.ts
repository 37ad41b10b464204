import { randomBytes } from 'node:crypto';
import { html } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { type Asset, createAsset } from './assets.ts';
import { icon } from './layout.ts';

/** Files of GraphiQL. */
export interface ExplorerFiles {
  readonly script: string;
  readonly style: string;
}

/** Serves GraphiQL on `/graphql`: a small page, and separate files that browsers cache. */
export function addExplorer(routes: Routes, read: () => Promise<ExplorerFiles>): void {
  let assets: Promise<Record<keyof ExplorerFiles, Asset>> | undefined;
  const readAssets = async () => {
    const { script, style } = await read();
    return {
      script: createAsset('graphiql.js', script),
      style: createAsset('graphiql.css', style),
    };
  };
  const load = () => {
    assets ??= readAssets().catch((error) => {
      assets = undefined;
      throw error;
    });
    return assets;
  };

  routes.get('/graphql', async (c) => {
    const { script, style } = await load();
    const nonce = randomBytes(16).toString('base64');
    c.header('content-security-policy', policyWith(nonce));
    return c.html(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gatehouse · GraphiQL</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${style.path}">
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script src="${script.path}" nonce="${nonce}"></script>
</body>
</html>
`);
  });

  for (const name of ['script', 'style'] as const) {
    const file = name === 'script' ? 'graphiql.js' : 'graphiql.css';
    routes.get(`/assets/:version/${file}`, async (c) => {
      const asset = (await load())[name];
      return c.req.path === asset.path ? asset.respond(c) : c.notFound();
    });
  }
}

/** Returns the page's policy. The editor, Monaco, writes styles and starts workers on this host. */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    'worker-src blob:',
    "style-src 'self' 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
