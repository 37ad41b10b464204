import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

type Path = readonly (string | number)[];

/**
 * Names a place in the arguments of a field. Mutations have one argument, `input`, and their paths
 * start inside it. The input as a whole has the empty name.
 *
 * @param path starts with the name of the argument
 */
export const fieldName = (path: Path): string =>
  (path[0] === 'input' ? path.slice(1) : path).join('.');

/** A place in a field's arguments that receives the value of a variable. */
export interface VariableUse {
  /** Starts with the name of the argument. */
  readonly path: Path;
  /** Whether the place refuses null, whatever the variable's own type. */
  readonly nonNull: boolean;
}

/** Finds where an operation uses a variable. */
export function usesOfVariable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variable: string,
): VariableUse[] {
  const uses: VariableUse[] = [];
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
  for (const definition of [operation, ...fragmentsOf(document, operation)]) {
    visit(definition, visitor);
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
