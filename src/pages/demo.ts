import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Routes } from '../http/hono-routes.ts';

const root = new URL('../../', import.meta.url);

/** Modules of the demo. Their URLs contain their paths, so that relative imports work. */
export const demoModules = [
  'client/generated/graphql.ts',
  ...['gatehouse-client.ts', 'gatehouse-error.ts'].map((name) => `examples/walk-through/${name}`),
  ...globSync('examples/web/*.ts', { cwd: fileURLToPath(root) }).sort(),
];

/** Policy of the page: it loads its own files, calls the API, and turns no text into markup. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

/** Whether the demo exists: the image does not contain it. */
export const hasDemo = existsSync(new URL('examples/web', root));

/** Serves the sample frontend on `/demo`, for development. Node strips the types. */
export function addDemo(routes: Routes): void {
  if (!hasDemo) return;
  const add = (path: string, file: string, type: string) =>
    routes.get(path, async (c) => {
      const text = await readFile(new URL(file, root), 'utf8');
      return c.body(file.endsWith('.ts') ? stripTypes(text) : text, 200, {
        'content-type': type,
        'content-security-policy': contentSecurityPolicy,
        // Changes show at the next reload.
        'cache-control': 'no-cache',
      });
    });
  add('/demo', 'examples/web/index.html', 'text/html; charset=UTF-8');
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
