import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { executeCodegen } from '@graphql-codegen/cli';
import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { expect, it } from 'vitest';
import config from '../codegen.config.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const operations = globSync('client/operations/*.graphql', { cwd: root })
  .flatMap((path) => parse(read(path)).definitions)
  .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

const rootFields = ({ operation, selectionSet }: OperationDefinitionNode): string[] =>
  selectionSet.selections.map((selection) =>
    selection.kind === Kind.FIELD ? `${operation} ${selection.name.value}` : 'a fragment',
  );

it('keeps client/generated as the operations and schema.graphql have it', async () => {
  const { result, error } = await executeCodegen({ ...config, cwd: root, silent: true });
  expect(error).toBeNull();
  const directory = 'client/generated/';
  const kept = readdirSync(join(root, directory)).map((name) => [name, read(directory + name)]);
  const fresh = result.map(({ filename, content }) => [filename.replace(directory, ''), content]);

  expect(fresh.length).toBeGreaterThan(1);
  expect(Object.fromEntries(kept), 'run `npm run codegen`').toEqual(Object.fromEntries(fresh));
});

it('has one operation for each query and mutation of the schema', () => {
  const schema = buildSchema(read('schema.graphql'));
  const fieldsOf = (operation: string, type = schema.getType(operation)) =>
    Object.keys(type && 'getFields' in type ? type.getFields() : {}).map(
      (name) => `${operation.toLowerCase()} ${name}`,
    );
  const wanted = [...fieldsOf('Query'), ...fieldsOf('Mutation')];

  expect(wanted.length).toBeGreaterThan(10);
  expect(operations.flatMap(rootFields).sort()).toEqual(wanted.sort());
});

it('names each operation after its field', () => {
  const names = operations.map(({ operation, name }) => `${operation} ${name?.value}`);
  const fields = operations.map((operation) => rootFields(operation).join());
  expect(names.map((name) => name.replace(/ ./, (start) => start.toLowerCase()))).toEqual(fields);
});
