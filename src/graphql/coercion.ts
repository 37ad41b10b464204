import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  typeFromAST,
  validateInputValue,
} from 'graphql';
import { badUserInput, type FieldMessages } from '../errors.ts';

const MISSING = 'This field is required.';

/**
 * Checks the variables of an operation against their types and says, per field, what is wrong.
 * The executor would do it too, but quotes the whole input, password included.
 *
 * @throws AuthError BAD_USER_INPUT
 */
export function checkVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  values: Readonly<Record<string, unknown>>,
): void {
  const fields: FieldMessages = Object.create(null);
  const refuse = (name: string, message: string) => {
    fields[name] = [...(fields[name] ?? []), message];
  };
  const operation = getOperationAST(document, operationName);
  for (const definition of operation?.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!type || !isInputType(type)) continue;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      if (isNonNullType(type) && !definition.defaultValue) refuse(name, MISSING);
      continue;
    }
    validateInputValue(
      value,
      type,
      ({ message }, path) => {
        const missing = /to include required field "(\w+)"/.exec(message)?.[1];
        const place = missing ? [...path, missing] : path;
        // Mutations have one argument, and what is in it needs no prefix.
        const field = name === 'input' && place.length > 0 ? place : [name, ...place];
        refuse(field.join('.'), missing ? MISSING : wrongness(message));
      },
      true,
    );
  }
  if (Object.keys(fields).length > 0) throw badUserInput(fields);
}

function wrongness(message: string): string {
  if (/not to include unknown field/.test(message)) return 'There is an unknown field.';
  if (/non-null type .+ not to be null/.test(message)) return 'This field may not be null.';
  if (/^(String|ID) cannot represent/.test(message)) return 'Not a valid string.';
  return 'This field has the wrong type.';
}

/** What `checkVariables` threw, as the result of an operation that was not run. */
export const refusedResult = (error: unknown) => ({
  errors: [new GraphQLError('', { originalError: error as Error })],
});
