import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { rateLimitOf } from './rate-limit-plugin.ts';

const nothing = {
  /** Levels of fields. Introspection does not count, because graphql has its own rule for it. */
  depth: 0,
  aliases: 0,
  directives: 0,
  /** Mutations that have a rate limit: they check a secret or send a mail. */
  sensitive: 0,
  /** Fields in the largest possible response. */
  cost: 0,
};

/** Contents of an operation. A fragment counts as often as it is spread. */
export type Complexity = Readonly<typeof nothing>;

type Parent = GraphQLNamedType | undefined;

/** Assumed length of a list, and of what a field counts: the longest page of the audit log. */
const LIST_LENGTH = 100;

/**
 * Counts the complexity of operations. The document need not be valid: an unknown name counts as a
 * field, and a cycle of fragments, which validation rejects, as nothing.
 */
export class ComplexityCounter {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Counts each fragment once, however often it is spread. */
  readonly #counted = new Map<string, Complexity>();

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode) {
    this.#schema = schema;
    for (const each of definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(each.name.value, each);
    }
  }

  count({ operation, ...node }: OperationDefinitionNode): Complexity {
    const variables = node.variableDefinitions ?? [];
    return sum([
      countDirectives(node),
      ...variables.map(countDirectives),
      this.#countSet(node.selectionSet, this.#schema.getRootType(operation) ?? undefined),
    ]);
  }

  #countSet({ selections }: SelectionSetNode, parent: Parent): Complexity {
    return sum(selections.flatMap((each) => [countDirectives(each), this.#count(each, parent)]));
  }

  #count(node: SelectionNode, parent: Parent): Complexity {
    if (node.kind === Kind.FIELD) return this.#countField(node, parent);
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#countFragment(node.name.value);
    const { typeCondition, selectionSet } = node;
    const type = typeCondition && this.#schema.getType(typeCondition.name.value);
    return this.#countSet(selectionSet, type ?? parent);
  }

  #countField({ name, alias, selectionSet }: FieldNode, parent: Parent): Complexity {
    const field = isCompositeType(parent) ? this.#schema.getField(parent, name.value) : undefined;
    const inner = selectionSet ? this.#countSet(selectionSet, getNamedType(field?.type)) : nothing;
    const isMeta = parent !== undefined && isIntrospectionType(parent);
    const isMutation = parent === this.#schema.getMutationType() && name.value !== '__typename';
    const isList = !isMeta && isListType(getNullableType(field?.type));
    return {
      depth: inner.depth + (isMeta ? 0 : 1),
      aliases: inner.aliases + (alias ? 1 : 0),
      directives: inner.directives,
      sensitive: isMutation && rateLimitOf(field) !== 'none' ? 1 : 0,
      cost: 1 + inner.cost * (isList || field?.extensions.countsRows ? LIST_LENGTH : 1),
    };
  }

  #countFragment(name: string): Complexity {
    const fragment = this.#fragments.get(name);
    const known = this.#counted.get(name);
    if (known || !fragment) return known ?? nothing;
    this.#counted.set(name, nothing);
    const type = this.#schema.getType(fragment.typeCondition.name.value);
    const found = sum([countDirectives(fragment), this.#countSet(fragment.selectionSet, type)]);
    this.#counted.set(name, found);
    return found;
  }
}

const countDirectives = (node: { readonly directives?: readonly DirectiveNode[] | undefined }) => ({
  ...nothing,
  directives: node.directives?.length ?? 0,
});

/** Adds the complexity of siblings. Their depths do not add up. */
const sum = (siblings: readonly Complexity[]): Complexity =>
  siblings.reduce(
    (total, each) => ({
      depth: Math.max(total.depth, each.depth),
      aliases: total.aliases + each.aliases,
      directives: total.directives + each.directives,
      sensitive: total.sensitive + each.sensitive,
      cost: total.cost + each.cost,
    }),
    nothing,
  );
