/**
 * Bundles the command line, server and worker into `dist/`, so that they start in about half the
 * time. `bin/gatehouse` runs `dist/` unless a source is newer.
 *
 *     sh bin/run node bin/bundle.ts
 */
import { rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const output = join(root, 'dist');

/** Packages with compiled code, files of their own, or a state that other packages share. */
const external =
  /^(@node-rs\/argon2|@opentelemetry\/.+|@simplewebauthn\/.+|argon2|bcrypt|bee-queue|better-sqlite3|ioredis|pg|pg-.+|pino|prom-client|swagger-ui-dist)(\/|$)/;

/** Sources read files beside them: in the bundle too, they find these under `src` and `worker`. */
const locations: Plugin = {
  name: 'locations',
  transform(code, id) {
    if (!id.endsWith('.ts') || id.includes('/node_modules/')) return undefined;
    const path = JSON.stringify(`../${relative(root, id)}`);
    return code
      .replaceAll('import.meta.url', `new URL(${path}, import.meta.url).href`)
      .replaceAll(
        'import.meta.dirname',
        `(import.meta.dirname + ${JSON.stringify(`/../${relative(root, dirname(id))}`)})`,
      );
  },
};

rmSync(output, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: 'src/cli/main.ts',
  platform: 'node',
  external,
  plugins: [locations],
});
const { output: files } = await bundle.write({ dir: output, format: 'esm' });
await bundle.close();
process.stdout.write(`${files.length} files in ${pathToFileURL(output).href}\n`);
