import {
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Returns the names of all operations that select one field. */
export function namesOfFields(schema: GraphQLSchema): string[] {
  const fieldsOf = (type: GraphQLObjectType | null | undefined) =>
    Object.keys(type?.getFields() ?? {});
  return [
    ...['__typename', '__schema', '__type', ...fieldsOf(schema.getQueryType())].map(
      (name) => `query ${name}`,
    ),
    ...['__typename', ...fieldsOf(schema.getMutationType())].map((name) => `mutation ${name}`),
    ...fieldsOf(schema.getSubscriptionType()).map((name) => `subscription ${name}`),
  ];
}

/**
 * Names an operation for the log by its kind and its root fields, such as `query me sessions`. The
 * document must be valid, so that the names are those of the schema.
 */
export function operationLabel(document: DocumentNode, operation: OperationDefinitionNode): string {
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  const namesIn = ({ selections }: SelectionSetNode): string[] =>
    selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return node.name.value;
      if (node.kind === Kind.INLINE_FRAGMENT) return namesIn(node.selectionSet);
      const fragment = fragments.find(({ name }) => name.value === node.name.value);
      return fragment ? namesIn(fragment.selectionSet) : [];
    });
  return [operation.operation, ...new Set(namesIn(operation.selectionSet))].join(' ');
}
