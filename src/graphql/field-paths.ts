import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  visit,
} from 'graphql';

type Path = readonly (string | number)[];

/**
 * Names a place in the arguments of a field. Mutations have one argument, `input`: paths begin
 * inside it. The input as a whole has the empty name.
 *
 * @param path begins with the name of the argument
 */
export const fieldName = (path: Path): string =>
  (path[0] === 'input' ? path.slice(1) : path).join('.');

/** Finds where an operation uses a variable. Each path begins with the name of an argument. */
export function usesOfVariable(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variable: string,
): Path[] {
  const uses: Path[] = [];
  const search = (value: ValueNode, path: Path): void => {
    if (value.kind === Kind.VARIABLE && value.name.value === variable) uses.push(path);
    if (value.kind === Kind.LIST) {
      value.values.forEach((item, index) => {
        search(item, [...path, index]);
      });
    }
    if (value.kind === Kind.OBJECT) {
      for (const field of value.fields) search(field.value, [...path, field.name.value]);
    }
  };
  for (const definition of [operation, ...fragmentsOf(document, operation)]) {
    visit(definition, { Argument: ({ name, value }) => search(value, [name.value]) });
  }
  return uses;
}

/** Finds the fragments that an operation spreads, directly or through others. */
function fragmentsOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Set<FragmentDefinitionNode> {
  const found = new Set<FragmentDefinitionNode>();
  const FragmentSpread = ({ name }: { readonly name: { readonly value: string } }) => {
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION || found.has(definition)) continue;
      if (definition.name.value !== name.value) continue;
      found.add(definition);
      visit(definition, { FragmentSpread });
    }
  };
  visit(operation, { FragmentSpread });
  return found;
}
