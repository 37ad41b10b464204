import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { printedSchema } from '../graphql/print.ts';
import { withSettingsTable } from '../manual.ts';
import { commandLine, run } from '../process.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = resolve(root, 'README.md');

const description =
  "Writes what the code generates: schema.graphql and the README's settings table.";

await run(
  commandLine('npm run generate', description).action(() => {
    writeFileSync(resolve(root, 'schema.graphql'), printedSchema());
    writeFileSync(readme, withSettingsTable(readFileSync(readme, 'utf8')));
  }),
);
