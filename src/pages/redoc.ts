import { html } from 'hono/html';
import { addAsset, type Routes, readAsset } from './assets.ts';
import type { Page } from './layout.ts';

const file = new URL('../../vendor/redoc/redoc.standalone.js', import.meta.url);

/** The one thing that ReDoc would fetch from its makers: a picture of 16 pixels. */
const logo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

/** The style that it inserts before it knows the nonce: first empty, then with its text. */
const styles =
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' " +
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='";

/** ReDoc on `/openapi.json`. It searches in a worker, which it makes of a blob. */
export function redocPage(routes: Routes): Page {
  // Without an address the picture is left out.
  const script = addAsset(routes, 'redoc.standalone.js', readAsset(file).replaceAll(logo, ''));
  return {
    title: 'Gatehouse · ReDoc',
    light: true,
    policy: (nonce) => ({
      'style-src': `'nonce-${nonce}' ${styles}`,
      'script-src': `'nonce-${nonce}'`,
      'worker-src': 'blob:',
      'connect-src': "'self'",
    }),
    content: (nonce) => html`<div id="redoc" role="main">
<noscript>ReDoc needs JavaScript.</noscript>
</div>
<script src="${script}" nonce="${nonce}"></script>
<script nonce="${nonce}">
  const fontFamily = 'system-ui, sans-serif';
  Redoc.init('/openapi.json', {
    nonce: document.currentScript.nonce,
    nativeScrollbars: true,
    theme: {
      colors: { primary: { main: '#4338ca' } },
      typography: { fontFamily, headings: { fontFamily } },
    },
  }, document.getElementById('redoc'));
</script>`,
  };
}
