/**
 * Builds the package `@gatehouse/client` into a directory:
 *
 *     sh bin/run node client/build.ts [DIRECTORY]
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const source = import.meta.dirname;

/** The only foreign import of the generated documents. It has types only. */
const foreignImport =
  "import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';";
const ownInterface =
  'interface DocumentTypeDecoration<TResult, TVariables> { readonly __apiType?: (variables: TVariables) => TResult }';

/**
 * Drops documents of fragments alone, because each operation contains those that it spreads, and the
 * white space of documents.
 */
function shortened(text: string): string {
  return text
    .replaceAll(/^export const \w+FragmentDoc = [^;]+;\n/gm, '')
    .replaceAll(/(?<=TypedDocumentString\(`)[^`]+/g, (document) =>
      document
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ ?([{}()[\]:!,=]|\.{3}) ?/g, '$1')
        .trim(),
    );
}

/** Compiles the sources. The result imports no other package. */
export function build(directory: string): void {
  const output = join(directory, 'dist');
  rmSync(output, { recursive: true, force: true });
  const compiler = resolve(source, '../node_modules/typescript/bin/tsc');
  const project = join(source, 'tsconfig.build.json');
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', output]);
  for (const file of globSync(join(output, '**/*.d.ts'))) {
    // The compiler renames `.ts` to `.js` in modules, but not in their types.
    const text = readFileSync(file, 'utf8').replaceAll(/(from '\.[^']+)\.ts'/g, "$1.js'");
    writeFileSync(file, text.replace(foreignImport, ownInterface));
  }
  const documents = join(output, 'generated/graphql.js');
  writeFileSync(documents, shortened(readFileSync(documents, 'utf8')));
  for (const file of ['package.json', 'README.md']) {
    if (directory !== source) copyFileSync(join(source, file), join(directory, file));
  }
  copyFileSync(resolve(source, '../LICENSE'), join(directory, 'LICENSE'));
}

if (import.meta.main) build(resolve(process.argv[2] ?? source));
