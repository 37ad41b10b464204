import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
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

/** What an operation holds, its fragments counted as often as they are spread. */
export interface Measure {
  /** Levels of fields; introspection is not counted, graphql has a rule of its own for it. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Mutations that check or mail something. */
  readonly sensitive: number;
  /** Fields that the answer can have, of pages as long as they can be. */
  readonly cost: number;
}

type Parent = GraphQLCompositeType | undefined;

/** What a list counts for: the longest page of the audit log. */
const LIST = 100;

/** Mutations that check no password or code and mail nothing. */
const free = new Set([
  ...['__typename', 'updateProfile', 'logout', 'revokeSession', 'revokeOtherSessions'],
]);

/**
 * Measures the operations of a document. It need not be valid: a name that nobody knows counts as a
 * field, and a cycle of fragments, which validation refuses, as nothing.
 */
export class Measurer {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Each fragment is measured once, however often it is spread. */
  readonly #measured = new Map<string, Measure>();

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode) {
    this.#schema = schema;
    for (const each of definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(each.name.value, each);
    }
  }

  measure(operation: OperationDefinitionNode): Measure {
    const { directives, variableDefinitions = [], selectionSet } = operation;
    const root = this.#schema.getRootType(operation.operation) ?? undefined;
    return sum([
      counted(directives),
      ...variableDefinitions.map((each) => counted(each.directives)),
      this.#set(selectionSet, root),
    ]);
  }

  #set({ selections }: SelectionSetNode, parent: Parent): Measure {
    return sum(
      selections.flatMap((each) => [counted(each.directives), this.#selection(each, parent)]),
    );
  }

  #selection(node: SelectionNode, parent: Parent): Measure {
    switch (node.kind) {
      case Kind.FIELD:
        return this.#field(node, parent);
      case Kind.INLINE_FRAGMENT:
        return this.#set(node.selectionSet, this.#typeNamed(node.typeCondition?.name) ?? parent);
      case Kind.FRAGMENT_SPREAD:
        return this.#fragment(node.name.value);
    }
  }

  #field({ name, alias, selectionSet }: FieldNode, parent: Parent): Measure {
    const type = parent && this.#schema.getField(parent, name.value)?.type;
    const inner = selectionSet ? this.#set(selectionSet, composite(getNamedType(type))) : nothing;
    const isMeta = parent !== undefined && isIntrospectionType(parent);
    const isSensitive = parent === this.#schema.getMutationType() && !free.has(name.value);
    return {
      depth: inner.depth + (isMeta ? 0 : 1),
      aliases: inner.aliases + (alias ? 1 : 0),
      directives: inner.directives,
      sensitive: isSensitive ? 1 : 0,
      cost: 1 + inner.cost * (!isMeta && isListType(getNullableType(type)) ? LIST : 1),
    };
  }

  #fragment(name: string): Measure {
    const fragment = this.#fragments.get(name);
    const known = this.#measured.get(name);
    if (known || !fragment) return known ?? nothing;
    this.#measured.set(name, nothing);
    const { directives, selectionSet, typeCondition } = fragment;
    const found = sum([
      counted(directives),
      this.#set(selectionSet, this.#typeNamed(typeCondition.name)),
    ]);
    this.#measured.set(name, found);
    return found;
  }

  #typeNamed(name: { value: string } | undefined): Parent {
    return name && composite(this.#schema.getType(name.value));
  }
}

const composite = (type: unknown): Parent => (isCompositeType(type) ? type : undefined);

const nothing: Measure = { depth: 0, aliases: 0, directives: 0, sensitive: 0, cost: 0 };

const counted = (directives: readonly DirectiveNode[] = []): Measure => ({
  ...nothing,
  directives: directives.length,
});

/** Of what stands side by side: depths do not add up. */
const sum = (measures: readonly Measure[]): Measure =>
  measures.reduce(
    (all, each) => ({
      depth: Math.max(all.depth, each.depth),
      aliases: all.aliases + each.aliases,
      directives: all.directives + each.directives,
      sensitive: all.sensitive + each.sensitive,
      cost: all.cost + each.cost,
    }),
    nothing,
  );
