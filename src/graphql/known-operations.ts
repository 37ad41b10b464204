import type { DocumentNode } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { findOperation, type ValidOperation } from './execution.ts';

/** Documents that a process remembers. Each one has at most 1,000 tokens. */
const MAX_DOCUMENTS = 100;

interface KnownDocument {
  readonly document: DocumentNode;
  readonly operations: Map<string | undefined, ValidOperation>;
}

/** Operations of the documents that Yoga has recently found to be valid, by the document's text. */
export class KnownOperations {
  readonly #documents = new LRUCache<string, KnownDocument>({ max: MAX_DOCUMENTS });

  /** Returns undefined for an unknown document, and for a name that no operation has. */
  find({ query = '', operationName }: GraphQLParams): ValidOperation | undefined {
    const known = this.#documents.get(query);
    if (!known) return undefined;
    const { document, operations } = known;
    const operation = operations.get(operationName) ?? findOperation(document, operationName);
    if (operation) operations.set(operationName, operation);
    return operation;
  }

  /** Remembers the documents that pass all rules. */
  get plugin(): Plugin<{ params: GraphQLParams }> {
    return {
      onValidate:
        ({ params: { documentAST: document }, context }) =>
        ({ valid }) => {
          const { query = '' } = context.params;
          if (valid) this.#documents.set(query, { document, operations: new Map() });
        },
    };
  }
}
