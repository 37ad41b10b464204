import { readFileSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { type EnumTypeDefinitionNode, Kind, parse } from 'graphql';

const schema = new URL('schema.graphql', import.meta.url);

/** An enum as a type. The preset writes only those that an operation mentions. */
function enumType(name: string): string {
  const found = parse(readFileSync(schema, 'utf8')).definitions.find(
    (definition): definition is EnumTypeDefinitionNode =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === name,
  );
  if (!found?.values) throw new Error(`there is no enum ${name} in the schema`);
  const values = found.values.map(({ name: { value } }) => `  | '${value}'`);
  const description = found.description?.value ?? '';
  return `\n/** ${description} */\nexport type ${name} =\n${values.join('\n')};`;
}

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'client/operations/*.graphql',
  // Node runs the files as they are written.
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'client/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        strictScalars: true,
        scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown' },
      },
      plugins: [
        {
          add: {
            content: [enumType('ErrorCode'), enumType('AuditEventName')],
            placement: 'append',
          },
        },
      ],
    },
  },
};

export default config;
