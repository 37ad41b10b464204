import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import type { Routes } from '../http/hono-routes.ts';

const root = new URL('../../', import.meta.url);

/** The modules of the demo. Their addresses are their paths, so that relative imports hold. */
export const demoModules = [
  'client/generated/graphql.ts',
  'examples/walk-through/gatehouse-client.ts',
  'examples/walk-through/gatehouse-error.ts',
  'examples/web/account.ts',
  'examples/web/code-mail.ts',
  'examples/web/forms.ts',
  'examples/web/main.ts',
  'examples/web/session.ts',
  'examples/web/sessions.ts',
  'examples/web/views.ts',
] as const;

/** The page gets nothing but its own files and the API; and no text ever becomes markup or script. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

/** Whether the demo is here: an image has only the service. */
export const hasDemo = existsSync(new URL('examples/web', root));

/** Serves the sample frontend on `/demo`, for development. Node strips the types; nothing is built. */
export function addDemo(routes: Routes): void {
  if (!hasDemo) return;
  const read = (path: string) => readFile(new URL(path, root), 'utf8');
  // So that a change shows at the next reload.
  const headers = { 'cache-control': 'no-cache' };

  routes.get('/demo', async (c) =>
    c.html(await read('examples/web/index.html'), 200, {
      ...headers,
      'content-security-policy': contentSecurityPolicy,
    }),
  );
  routes.get('/demo/examples/web/style.css', async (c) =>
    c.body(await read('examples/web/style.css'), 200, { ...headers, 'content-type': 'text/css' }),
  );
  for (const path of demoModules) {
    routes.get(`/demo/${path}`, async (c) =>
      c.body(stripTypes(await read(path)), 200, { ...headers, 'content-type': 'text/javascript' }),
    );
  }
}

/** Without the warning that this is an experiment: Node runs all our files so. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
