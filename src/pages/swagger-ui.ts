import { html } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { addAsset, inlineFile, readAsset } from './assets.ts';
import type { Page } from './layout.ts';

const contrast = inlineFile('swagger-ui.css');
const start = inlineFile('swagger-ui.js');

/** Creates the page of Swagger UI on `/openapi.json`. A pasted token stays in the browser. */
export function swaggerUiPage(routes: Routes): Page {
  const add = (name: string) =>
    addAsset(routes, name, readAsset(import.meta.resolve(`swagger-ui-dist/${name}`)));
  const script = add('swagger-ui-bundle.js');
  const style = add('swagger-ui.css');
  return {
    title: 'Gatehouse · Swagger UI',
    policy: (nonce) => ({ 'script-src': `'nonce-${nonce}'`, 'connect-src': "'self'" }),
    content: (nonce) => html`<style nonce="${nonce}">${contrast}</style>
<div id="swagger-ui">
<noscript>Swagger UI needs JavaScript.</noscript>
</div>
<link rel="stylesheet" href="${style}" nonce="${nonce}">
<script src="${script}" nonce="${nonce}"></script>
<script nonce="${nonce}">${start}</script>`,
  };
}
