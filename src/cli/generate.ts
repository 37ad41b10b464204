import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config/environment.ts';
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

/**
 * Keeps the schema and the OpenAPI document of a release, with which later ones are compared.
 *
 * @throws ConfigError if the version is that of an earlier release
 */
function writeRelease(folder: string): void {
  const changelog = readFileSync(resolve(root, 'CHANGELOG.md'), 'utf8');
  const newest = /^## \[(.+?)\]/m.exec(changelog)?.[1];
  if (newest !== manifest.version) {
    const text = `package.json has the version ${manifest.version}, CHANGELOG.md ${newest}`;
    throw new ConfigError(`${text}. Set the version of the release in package.json.`);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'schema.graphql'), printedSchema());
  const api = JSON.stringify(describeApi(describeSelection), null, 2);
  writeFileSync(resolve(folder, 'openapi.json'), `${api}\n`);
}
