import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { withSettingsTable } from '../config/settings-table.ts';
import { printedSchema } from '../graphql/print-schema.ts';
import { describeApi } from '../rest/openapi/openapi-document.ts';
import { commandLine, run } from './command-line.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = resolve(root, 'README.md');

const description = "Writes the generated files: schema.graphql and the README's settings table.";

await run(
  commandLine('npm run generate', description)
    .option('--release', `also writes the contract of this version to releases/${manifest.version}`)
    .action(({ release }: { readonly release?: true }) => {
      writeFileSync(resolve(root, 'schema.graphql'), printedSchema());
      writeFileSync(readme, withSettingsTable(readFileSync(readme, 'utf8')));
      if (release) writeRelease();
    }),
);

/** Keeps the schema and the OpenAPI document of a release, so that later ones can be compared. */
function writeRelease(): void {
  const folder = resolve(root, 'releases', manifest.version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'schema.graphql'), printedSchema());
  const api = JSON.stringify(describeApi(), null, 2);
  writeFileSync(resolve(folder, 'openapi.json'), `${api}\n`);
}
