import { html } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { addAsset, inlineFile, readAsset } from './assets.ts';
import type { Html, Page } from './layout.ts';

/** Creates the page of Swagger UI. A pasted token stays in the browser. */
export function swaggerUiPage(routes: Routes): Page {
  const add = (name: string) =>
    addAsset(routes, name, readAsset(import.meta.resolve(`swagger-ui-dist/${name}`)));
  const style = add('swagger-ui.css');
  const link = (nonce: string) => html`<link rel="stylesheet" href="${style}" nonce="${nonce}">`;
  return viewerPage('Swagger UI', 'swagger-ui', add('swagger-ui-bundle.js'), { link });
}

const redoc = new URL('../../vendor/redoc/redoc.standalone.js', import.meta.url);

/** The only file that ReDoc would fetch from another host: an image of 16 pixels. */
const logo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

/** Hashes of the style that ReDoc inserts before it knows the nonce: first empty, then with text. */
const styles =
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' " +
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='";

/** Creates the page of ReDoc. Its search runs in a worker made from a blob. */
export function redocPage(routes: Routes): Page {
  // Without a URL, ReDoc omits the image.
  const script = addAsset(routes, 'redoc.standalone.js', readAsset(redoc).replaceAll(logo, ''));
  return viewerPage('ReDoc', 'redoc', script, {
    policy: (nonce) => ({ 'style-src': `'nonce-${nonce}' ${styles}`, 'worker-src': 'blob:' }),
  });
}

/** Creates the page of a script that shows `/openapi.json` in the element `id`. */
function viewerPage(
  name: string,
  id: string,
  script: string,
  { policy, link }: Pick<Page, 'policy'> & { link?: (nonce: string) => Html },
): Page {
  const [style, start] = [inlineFile(`${id}.css`), inlineFile(`${id}.js`)];
  const common = { 'connect-src': "'self'" };
  return {
    title: `Gatehouse · ${name}`,
    policy: (nonce) => ({ ...common, 'script-src': `'nonce-${nonce}'`, ...policy?.(nonce) }),
    content: (nonce) => html`<style nonce="${nonce}">${style}</style>
<div id="${id}">
<noscript>${name} needs JavaScript.</noscript>
</div>
${link?.(nonce)}
<script src="${script}" nonce="${nonce}"></script>
<script nonce="${nonce}">${start}</script>`,
  };
}
