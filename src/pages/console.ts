import { html } from 'hono/html';
import type { Config } from '../config/load-config.ts';
import type { Routes } from '../http/hono-routes.ts';
import { addAsset, readAsset } from './assets.ts';
import { type Page, showPage } from './layout.ts';

const fileOf = (name: string) => readAsset(new URL(`browser/${name}`, import.meta.url));

/**
 * Serves the console of administrators on `/console`. The page holds no data: it signs in and calls
 * the API like any other client.
 */
export function addConsole(routes: Routes, config: Config): void {
  const script = addAsset(routes, 'console.js', fileOf('console.js'));
  const style = addAsset(routes, 'console.css', fileOf('console.css'));
  const page: Page = {
    title: 'Gatehouse console',
    policy: (nonce) => ({
      'script-src': `'nonce-${nonce}'`,
      'connect-src': "'self'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    }),
    head: (nonce) => html`<meta name="robots" content="noindex">
<link rel="stylesheet" href="${style}" nonce="${nonce}">
<script type="module" src="${script}" nonce="${nonce}"></script>`,
    content: () => html`<div id="console">
<noscript><main class="card">The console needs JavaScript.</main></noscript>
</div>`,
  };
  routes.get('/console', (c) => {
    c.header('x-robots-tag', 'noindex, nofollow');
    return showPage(c, page, config);
  });
}
