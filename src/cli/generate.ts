import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { printedSchema } from '../graphql/print.ts';
import { withSettingsTable } from '../manual.ts';

/** Writes anew what is made from the code: `schema.graphql` and the README's table of settings. */
const root = resolve(import.meta.dirname, '../..');
const readme = resolve(root, 'README.md');

writeFileSync(resolve(root, 'schema.graphql'), printedSchema());
writeFileSync(readme, withSettingsTable(readFileSync(readme, 'utf8')));
