import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Config } from '../config/load-config.ts';
import { AuthError } from '../errors/auth-error.ts';
import { type Complexity, ComplexityCounter } from './complexity.ts';

/** Length of a document in UTF-16 units. The longest document in `client/` has a few hundred. */
const MAX_CHARACTERS = 15_000;

/** Tokens of a document. Far fewer than exhaust the parser's stack. */
const MAX_TOKENS = 1000;

/** Maximum complexity of an operation. */
const bounds: Record<keyof Complexity, { readonly max: number; readonly what: string }> = {
  depth: { max: 8, what: 'levels of fields' },
  aliases: { max: 15, what: 'aliases' },
  directives: { max: 10, what: 'directives' },
  sensitive: { max: 1, what: 'sensitive mutation (one that compares a secret or sends a mail)' },
  cost: { max: 5000, what: 'fields in the response' },
};

/** Keys and items in the variables, because each wrong one is checked separately. */
const MAX_VALUES = 100;

/** Validation errors in a response. Validation stops after the last one. */
const MAX_ERRORS = 5;

/** Enforces the bounds of documents, each before its own step. */
export function enforceBounds({ environment }: Pick<Config, 'environment'>): Plugin {
  const options = { maxErrors: MAX_ERRORS, hideSuggestions: environment === 'production' };
  return {
    onParse: ({ setParseFn }) => setParseFn(parseBounded),
    onValidate({ setValidationFn }) {
      setValidationFn((schema: GraphQLSchema, document: DocumentNode, rules: ValidationRule[]) => {
        const excess = findExcess(schema, document);
        if (excess) return [new GraphQLError(excess.message, { originalError: excess })];
        return validate(schema, document, rules, options);
      });
    },
  };
}

/** Parses a document of bounded length. @throws AuthError PAYLOAD_TOO_LARGE, GraphQLError */
function parseBounded(text: string): DocumentNode {
  if (text.length > MAX_CHARACTERS) throw tooMuch('document has', MAX_CHARACTERS, 'characters');
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    // graphql marks this error by its text only.
    const hasTooManyTokens = /^Syntax Error: Document contains more than \d+ tokens\./.test(
      (error as Error).message,
    );
    throw hasTooManyTokens ? tooMuch('document has', MAX_TOKENS, 'tokens') : error;
  }
}

/** Finds the first bound that an operation exceeds. The document need not be valid yet. */
function findExcess(schema: GraphQLSchema, document: DocumentNode): AuthError | undefined {
  const counter = new ComplexityCounter(schema, document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const found = counter.count(definition);
    for (const [name, { max, what }] of Object.entries(bounds)) {
      if (found[name as keyof Complexity] <= max) continue;
      const text = `The operation is too complex: at most ${max} ${what} allowed`;
      const cure = 'Split it into several requests';
      return new AuthError('GRAPHQL_VALIDATION_FAILED', `${text}. ${cure}`);
    }
  }
  return undefined;
}

/** Returns an error if variables have too many values. */
export const tooManyValues = (variables: unknown): AuthError | undefined =>
  countValues(variables, MAX_VALUES) > MAX_VALUES
    ? tooMuch('variables have', MAX_VALUES, 'values')
    : undefined;

/** Counts the values in a JSON value, up to one more than `max`. */
function countValues(json: unknown, max: number): number {
  let count = 0;
  if (typeof json !== 'object' || json === null) return count;
  for (const value of Object.values(json)) {
    count += 1;
    if (count <= max) count += countValues(value, max - count);
    if (count > max) break;
  }
  return count;
}

const tooMuch = (what: string, max: number, units: string): AuthError =>
  new AuthError('PAYLOAD_TOO_LARGE', `The ${what} too many ${units}: at most ${max} allowed`);
