import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { html, raw } from 'hono/html';
import type { Config } from '../config/load-config.ts';
import type { Routes } from '../http/hono-routes.ts';
import { showPage } from './layout.ts';
import { hasDemo } from './page-links.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFile(new URL(file, root), 'utf8');

/** Modules of the demo. Their URLs contain their paths, so that relative imports work. */
export const demoModules = [
  ...['client/generated/graphql.ts', 'client/src/passkeys.ts'],
  ...['gatehouse-client.ts', 'gatehouse-error.ts'].map((name) => `examples/walk-through/${name}`),
  ...globSync('examples/web/*.ts', { cwd: fileURLToPath(root) }).sort(),
];

/** Policy of the page: it runs its own files, calls the API, and turns no text into markup. */
const policy = () => ({
  'script-src': "'self'",
  'connect-src': "'self'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
});

/** Serves the sample frontend on `/demo`, for development. Node strips the types. */
export function addDemo(routes: Routes, config: Config): void {
  if (!hasDemo) return;
  routes.get('/demo', async (c) => {
    const text = await read('examples/web/views.html');
    // Only a browser in cookie mode can become a trusted device.
    const mode = config.trustedDeviceDays > 0 ? ' data-cookie-mode' : '';
    const views = text.replace('<main', `<main${mode}`);
    return showPage(
      c,
      {
        title: 'Gatehouse demo',
        policy,
        head: (
          nonce,
        ) => html`<link rel="stylesheet" href="/demo/examples/web/style.css" nonce="${nonce}">
<script type="module" src="/demo/examples/web/main.ts"></script>`,
        content: () => html`${raw(views)}`,
      },
      config,
    );
  });
  const add = (path: string, file: string, type: string) =>
    routes.get(path, async (c) => {
      const text = await read(file);
      return c.body(file.endsWith('.ts') ? stripTypes(text) : text, 200, {
        'content-type': type,
        // Changes show at the next reload.
        'cache-control': 'no-cache',
      });
    });
  add('/demo/examples/web/style.css', 'examples/web/style.css', 'text/css');
  for (const file of demoModules) add(`/demo/${file}`, file, 'text/javascript');
}

/** Strips types without Node's warning that this is experimental. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
