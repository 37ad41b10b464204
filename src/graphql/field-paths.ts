import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export type Path = readonly (string | number)[];

/** Names a place in the arguments of a field. Names of mutations start inside `input`. */
export const fieldName = (path: Path): string =>
  (path[0] === 'input' ? path.slice(1) : path).join('.');

/**
 * Finds where an operation uses a variable: the path, beginning with the name of the argument, and
 * whether this position is non-null.
 */
export function usesOfVariable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variable: string,
) {
  const uses: { readonly path: Path; readonly nonNull: boolean }[] = [];
  const search = (value: ValueNode, path: Path, type: GraphQLInputType | undefined): void => {
    const inner = type && getNullableType(type);
    if (value.kind === Kind.VARIABLE && value.name.value === variable) {
      uses.push({ path, nonNull: isNonNullType(type) });
    }
    if (value.kind === Kind.LIST) {
      value.values.forEach((item, index) => {
        search(item, [...path, index], isListType(inner) ? inner.ofType : undefined);
      });
    }
    if (value.kind === Kind.OBJECT) {
      const fields = isInputObjectType(inner) ? inner.getFields() : {};
      for (const { name, value: item } of value.fields) {
        search(item, [...path, name.value], fields[name.value]?.type);
      }
    }
  };
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    Argument: ({ name, value }) => search(value, [name.value], types.getArgument()?.type),
  });
  const withFragments = separateOperations(document)[operation.name?.value ?? ''];
  if (withFragments) visit(withFragments, visitor);
  return uses;
}
