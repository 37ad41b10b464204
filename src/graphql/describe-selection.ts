import {
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { SelectedField } from '../ports/operation.ts';
import { schema } from './schema.ts';

/** Describes the only field of an operation, and the fields that it selects inside. */
export function describeSelection(operation: string): SelectedField {
  const [definition] = parse(operation).definitions as readonly OperationDefinitionNode[];
  const root = definition && schema.getRootType(definition.operation);
  const [field] = describeFields(definition?.selectionSet, root ?? undefined);
  if (!field) throw new Error(`${operation} selects no field of the schema`);
  return field;
}

function describeFields(
  set: SelectionSetNode | undefined,
  parent: GraphQLNamedType | undefined,
): SelectedField[] {
  if (!isObjectType(parent)) return [];
  const nodes = set?.selections.filter((node) => node.kind === Kind.FIELD) ?? [];
  return nodes.flatMap(({ name, alias, selectionSet }) => {
    const field = parent.getFields()[name.value];
    if (!field) return [];
    const type = getNamedType(field.type);
    return {
      name: alias?.value ?? name.value,
      path: `${parent.name}.${name.value}`,
      description: field.description ?? '',
      isNullable: !isNonNullType(field.type),
      isList: isListType(getNullableType(field.type)),
      type: {
        name: type.name,
        description: type.description ?? '',
        values: isEnumType(type) ? type.getValues().map((each) => each.name) : [],
      },
      fields: describeFields(selectionSet, type),
    };
  });
}
