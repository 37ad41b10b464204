import { html } from 'hono/html';
import { addAsset, type Routes, readAsset } from './assets.ts';
import type { Page } from './layout.ts';

/** Swagger UI on `/openapi.json`. A token that is pasted stays in this browser. */
export function swaggerUiPage(routes: Routes): Page {
  const script = addAsset(
    routes,
    'swagger-ui-bundle.js',
    readAsset(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  );
  const style = addAsset(
    routes,
    'swagger-ui.css',
    readAsset(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
  );
  return {
    title: 'Gatehouse · Swagger UI',
    light: true,
    policy: (nonce) => ({ 'script-src': `'nonce-${nonce}'`, 'connect-src': "'self'" }),
    content: (nonce) => html`<div id="swagger-ui">
<noscript>Swagger UI needs JavaScript.</noscript>
</div>
<link rel="stylesheet" href="${style}" nonce="${nonce}">
<script src="${script}" nonce="${nonce}"></script>
<script nonce="${nonce}">
  SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    persistAuthorization: true,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    validatorUrl: null,
  });
</script>`,
  };
}
