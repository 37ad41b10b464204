import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { describeSelection } from '../graphql/describe-selection.ts';
import { printedSchema } from '../graphql/schema.ts';
import { describeApi } from '../rest/openapi/openapi-document.ts';
import type { Define } from './command-line.ts';
import { referenceTables, withReference } from './reference-tables.ts';

const root = resolve(import.meta.dirname, '../..');

export const define: Define = (command) => {
  const folder = `releases/${manifest.version}`;
  command
    .option('--release', `also write the schema and the OpenAPI document to ${folder}`)
    .action(({ release }: { readonly release?: true }) => {
      writeFileSync(resolve(root, 'schema.graphql'), printedSchema());
      for (const [path, referenceOf] of Object.entries(referenceTables)) {
        const file = resolve(root, path);
        writeFileSync(file, withReference(readFileSync(file, 'utf8'), referenceOf()));
      }
      if (release) writeRelease(resolve(root, folder));
    });
};

/** Keeps the schema and the OpenAPI document of a release, so that later ones can be compared. */
function writeRelease(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'schema.graphql'), printedSchema());
  const api = JSON.stringify(describeApi(describeSelection), null, 2);
  writeFileSync(resolve(folder, 'openapi.json'), `${api}\n`);
}
