import { html } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { addAsset, inlineFile, readAsset } from './assets.ts';
import type { Page } from './layout.ts';

const file = new URL('../../vendor/redoc/redoc.standalone.js', import.meta.url);

/** The only file that ReDoc would fetch from another host: a picture of 16 pixels. */
const logo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

/** Hashes of the style that it inserts before it knows the nonce: first empty, then with text. */
const styles =
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' " +
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='";

const style = inlineFile('redoc.css');
const start = inlineFile('redoc.js');

/** Creates the page of ReDoc on `/openapi.json`. Its search runs in a worker made from a blob. */
export function redocPage(routes: Routes): Page {
  // Without an address the picture is left out.
  const script = addAsset(routes, 'redoc.standalone.js', readAsset(file).replaceAll(logo, ''));
  return {
    title: 'Gatehouse · ReDoc',
    policy: (nonce) => ({
      'style-src': `'nonce-${nonce}' ${styles}`,
      'script-src': `'nonce-${nonce}'`,
      'worker-src': 'blob:',
      'connect-src': "'self'",
    }),
    content: (nonce) => html`<style nonce="${nonce}">${style}</style>
<div id="redoc" role="main">
<noscript>ReDoc needs JavaScript.</noscript>
</div>
<script src="${script}" nonce="${nonce}"></script>
<script nonce="${nonce}">${start}</script>`,
  };
}
