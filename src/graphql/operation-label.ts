import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * Names an operation for the log by its kind and its root fields, such as `query me sessions`. The
 * document has been validated, so names that the client made up do not appear.
 */
export function operationLabel(
  document: DocumentNode,
  operationName: string | null | undefined,
): string | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const names = new Set<string>();
  collectNames(operation.selectionSet, document, names);
  return [operation.operation, ...names].join(' ');
}

function collectNames(
  { selections }: SelectionSetNode,
  document: DocumentNode,
  names: Set<string>,
): void {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) names.add(node.name.value);
    else if (node.kind === Kind.INLINE_FRAGMENT) collectNames(node.selectionSet, document, names);
    else {
      const isNamed = (each: { kind: string }): each is FragmentDefinitionNode =>
        each.kind === Kind.FRAGMENT_DEFINITION;
      const fragment = document.definitions
        .filter(isNamed)
        .find(({ name }) => name.value === node.name.value);
      if (fragment) collectNames(fragment.selectionSet, document, names);
    }
  }
}
