import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Config } from '../config/load-config.ts';
import { AuthError, unavailable } from '../errors/auth-error.ts';
import { refusedResult } from './coercion.ts';
import { type Measure, Measurer } from './complexity.ts';

/** UTF-16 units of a document. The longest of those in `client/` has a few hundred. */
const MAX_CHARACTERS = 15_000;

/** Tokens of a document: more than any sensible one, and less than exhausts the parser's stack. */
const MAX_TOKENS = 1000;

/** What one operation may hold. */
const bounds: Record<keyof Measure, { readonly max: number; readonly what: string }> = {
  depth: { max: 8, what: 'levels of fields' },
  aliases: { max: 15, what: 'aliases' },
  directives: { max: 10, what: 'directives' },
  sensitive: { max: 1, what: 'mutation that checks or mails something' },
  cost: { max: 5000, what: 'fields in the answer' },
};

/** Keys and items in the variables. Each one that is wrong is looked at by itself. */
const MAX_VALUES = 100;

/** Errors of validation that are answered; what is more is not looked for. */
const MAX_ERRORS = 5;

/** Milliseconds until an operation is answered without its end; its parts have shorter ones. */
const MAX_TIME = 10_000;

/** Holds documents against their bounds before anything else looks at them. */
export function boundDocuments({ environment }: Pick<Config, 'environment'>): Plugin {
  const options = { maxErrors: MAX_ERRORS, hideSuggestions: environment === 'production' };
  return {
    onParse({ setParseFn }) {
      setParseFn(parseBounded);
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema: GraphQLSchema, document: DocumentNode, rules: ValidationRule[]) => {
        const refusal = beyondBounds(schema, document);
        if (refusal) return [new GraphQLError(refusal.message, { originalError: refusal })];
        return validate(schema, document, rules, options);
      });
    },
  };
}

/** Holds variables against their bound before they are compared with their types. */
export function boundVariables(): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      if (valuesIn(args.variableValues, MAX_VALUES) <= MAX_VALUES) return;
      setResultAndStopExecution(refusedResult(tooMuch('variables hold', MAX_VALUES, 'values')));
    },
  };
}

/** Lets nobody wait for ever. What was under way goes on, as when an answer gets lost. */
export function boundTime(): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn(async (args: ExecutionArgs) => {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise((resolve) => {
          timer = setTimeout(() => resolve(refusedResult(unavailable())), MAX_TIME);
        });
        return Promise.race([executeFn(args), late]).finally(() => clearTimeout(timer));
      });
    },
  };
}

/**
 * Parses a document of a bounded length.
 *
 * @throws AuthError PAYLOAD_TOO_LARGE · GraphQLError where it is no GraphQL
 */
function parseBounded(text: string): DocumentNode {
  if (text.length > MAX_CHARACTERS) throw tooMuch('document holds', MAX_CHARACTERS, 'characters');
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    // graphql gives no other sign of it.
    const tokensSpent = /^Syntax Error: Document contains more than \d+ tokens\./;
    throw tokensSpent.test((error as Error).message)
      ? tooMuch('document holds', MAX_TOKENS, 'tokens')
      : error;
  }
}

/** The first bound that an operation of the document passes. It need not be valid yet. */
function beyondBounds(schema: GraphQLSchema, document: DocumentNode): AuthError | undefined {
  const measurer = new Measurer(schema, document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const found = measurer.measure(definition);
    for (const [name, { max, what }] of Object.entries(bounds)) {
      if (found[name as keyof Measure] <= max) continue;
      const text = `The document is out of bounds: at most ${max} ${what}`;
      return new AuthError('GRAPHQL_VALIDATION_FAILED', text);
    }
  }
  return undefined;
}

/** How many values stand in a JSON value; counts no further than one past `max`. */
function valuesIn(json: unknown, max: number): number {
  let count = 0;
  if (typeof json !== 'object' || json === null) return count;
  for (const value of Object.values(json)) {
    count += 1;
    if (count <= max) count += valuesIn(value, max - count);
    if (count > max) break;
  }
  return count;
}

const tooMuch = (what: string, max: number, units: string): AuthError =>
  new AuthError('PAYLOAD_TOO_LARGE', `The ${what} too much: at most ${max} ${units}`);
