import { html, raw } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { addAsset, readAsset } from './assets.ts';
import type { Page } from './layout.ts';

/** Replaces colours of Swagger UI whose contrast is too low (WCAG 1.4.3). */
const contrast = raw(`
.swagger-ui .microlight span[style*="rgb(211, 99, 99)"] { color: #ff9d9d !important; }
.dark-mode .swagger-ui {
  .header-col { color: #e4e6e6; }
  .btn.cancel { color: #fff; border-color: #fff; }
  .opblock-put .opblock-section-header { background: #5c3a26; }
}
html:not(.dark-mode) .swagger-ui {
  .info .title small pre.version { background: #52525b; }
  .info .title small.version-stamp pre.version { background: #3f6212; }
  a, .info a, .info .base-url, .url, a.link { color: var(--accent); }
  .btn.authorize { color: #15693b; border-color: #15693b; }
  .btn.authorize svg { fill: #15693b; }
  .btn.cancel { color: #b3261e; border-color: #b3261e; }
  .btn.execute { background: #0b5cad; border-color: #0b5cad; }
  .download-contents { background: #52525b; }
  .response-control-media-type__accept-message, .response-control-media-type__accept-message code { color: #15693b; }
  .markdown code, .renderedMarkdown code { color: #6b21a8; }
  .parameter__in { color: #52525b; }
  .json-schema-2020-12-expand-deep-button { color: #52525b; }
  .opblock-post .opblock-summary-method { background: #15693b; }
  .opblock-get .opblock-summary-method { background: #0b5cad; }
  .opblock-put .opblock-summary-method { background: #8a4b00; }
  .opblock-delete .opblock-summary-method { background: #b3261e; }
}
`);

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
    policy: (nonce) => ({ 'script-src': `'nonce-${nonce}'`, 'connect-src': "'self'" }),
    content: (nonce) => html`<style nonce="${nonce}">${contrast}</style>
<div id="swagger-ui">
<noscript>Swagger UI needs JavaScript.</noscript>
</div>
<link rel="stylesheet" href="${style}" nonce="${nonce}">
<script src="${script}" nonce="${nonce}"></script>
<script nonce="${nonce}">
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const applyTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', applyTheme);
  applyTheme();
  SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    persistAuthorization: true,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    validatorUrl: null,
    // Screen readers cannot reach a link inside the button that opens an operation.
    plugins: [({ React }) => ({
      components: { DeepLink: ({ text }) => React.createElement('span', null, text) },
    })],
  });
  // Swagger UI has lists without a name, and boxes that scroll by mouse only.
  const container = document.getElementById('swagger-ui');
  new MutationObserver(() => {
    for (const select of container.querySelectorAll('select:not([aria-label])')) {
      const isServer = select.id === 'servers';
      select.setAttribute('aria-label', isServer ? 'Server' : 'Choice');
    }
    for (const text of container.querySelectorAll('textarea:not([aria-label])')) {
      text.setAttribute('aria-label', 'Request body');
    }
    for (const box of container.querySelectorAll('pre:not([tabindex])')) box.tabIndex = 0;
  }).observe(container, { childList: true, subtree: true });
</script>`,
  };
}
