import { html, raw } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { addAsset, readAsset } from './assets.ts';
import type { Page } from './layout.ts';

const file = new URL('../../vendor/redoc/redoc.standalone.js', import.meta.url);

/** The one thing that ReDoc would fetch from its makers: a picture of 16 pixels. */
const logo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

/** The style that it inserts before it knows the nonce: first empty, then with its text. */
const styles =
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' " +
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='";

/** Colours of the dark theme that ReDoc does not take as options. */
const darkStyle = raw(`
@media (prefers-color-scheme: dark) {
  #redoc h5, #redoc h5 span { color: var(--quiet); }
  #redoc .react-tabs__tab { color: var(--quiet); }
  #redoc .react-tabs__tab--selected { color: var(--ink); background: #3f3f46; border-color: #52525b; }
}
`);

/** ReDoc on `/openapi.json`. It searches in a worker, which it makes of a blob. */
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
    content: (nonce) => html`<style nonce="${nonce}">${darkStyle}</style>
<div id="redoc" role="main">
<noscript>ReDoc needs JavaScript.</noscript>
</div>
<script src="${script}" nonce="${nonce}"></script>
<script nonce="${nonce}">
  const fontFamily = 'system-ui, sans-serif';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  // ReDoc takes its colours once, when it starts.
  dark.addEventListener('change', () => location.reload());
  const lightTheme = {
    colors: {
      primary: { main: '#4338ca' },
      responses: { success: { color: '#166534' }, error: { color: '#b3261e' } },
    },
  };
  const darkTheme = {
    colors: {
      primary: { main: '#a5b4fc' },
      success: { main: '#6ee7b7' },
      error: { main: '#fca5a5' },
      text: { primary: '#f4f4f5', secondary: '#a1a1aa' },
      border: { dark: '#3f3f46', light: '#303036' },
      gray: { 50: '#27272a', 100: '#303036' },
      responses: {
        success: { color: '#6ee7b7', backgroundColor: '#10291f', tabTextColor: '#6ee7b7' },
        error: { color: '#fca5a5', backgroundColor: '#331a1a', tabTextColor: '#fca5a5' },
      },
    },
    schema: { linesColor: '#52525b', typeNameColor: '#a1a1aa', nestedBackground: '#202024' },
    sidebar: { backgroundColor: '#18181b', textColor: '#f4f4f5', activeTextColor: '#a5b4fc' },
    rightPanel: { backgroundColor: '#111114', textColor: '#f4f4f5' },
    codeBlock: { backgroundColor: '#18181b' },
    typography: { code: { color: '#fca5a5', backgroundColor: '#27272a' } },
  };
  const { typography = {}, ...colours } = dark.matches ? darkTheme : lightTheme;
  Redoc.init('/openapi.json', {
    nonce: document.currentScript.nonce,
    nativeScrollbars: true,
    theme: { ...colours, typography: { ...typography, fontFamily, headings: { fontFamily } } },
  }, document.getElementById('redoc'));
</script>`,
  };
}
