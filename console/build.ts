/**
 * Builds the console into one file, which the server serves:
 *
 *     sh bin/run node console/build.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');

/** The built file, which the repository contains. */
export const output = join(root, 'src/pages/browser/console.js');

/** Bundles the console. The text stays readable, so that its changes can be reviewed and merged. */
export async function build(): Promise<string> {
  const bundle = await rolldown({
    cwd: root,
    input: 'console/src/main.tsx',
    platform: 'browser',
  });
  const license = readFileSync(join(root, 'node_modules/preact/LICENSE'), 'utf8');
  const { output } = await bundle.generate({
    format: 'esm',
    comments: false,
    banner: `/* Built by console/build.ts. Contains Preact:\n\n${license.trim()}\n*/`,
  });
  await bundle.close();
  return output[0].code;
}

if (import.meta.main) writeFileSync(output, await build());
