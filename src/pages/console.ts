import { html } from 'hono/html';
import type { Config } from '../config/load-config.ts';
import type { Routes } from '../http/hono-routes.ts';
import { addAsset, readBrowserFile } from './assets.ts';
import { type Page, showPage } from './layout.ts';

/**
 * Serves the console for administrators on `/console`. The page contains no data: it signs in and
 * calls the API like any other client.
 */
export function addConsole(routes: Routes, config: Config): void {
  const script = addAsset(routes, 'console.js', readBrowserFile('console.js'));
  const style = addAsset(routes, 'console.css', readBrowserFile('console.css'));
  const page: Page = {
    title: 'Gatehouse console',
    policy: (nonce) => ({
      'script-src': `'nonce-${nonce}'`,
      'connect-src': "'self'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    }),
    head: (nonce) => html`<link rel="stylesheet" href="${style}" nonce="${nonce}">
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
