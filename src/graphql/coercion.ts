import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
  validateInputValue,
} from 'graphql';
import { badUserInput, type FieldMessages } from '../errors/auth-error.ts';
import { INVALID_DATE_TIME } from './date-time.ts';
import { fieldName, type Path, usesOfVariable } from './field-paths.ts';

const MISSING = 'This field is required.';
const NULL = 'This field may not be null.';

/**
 * Checks the variables of an operation, and describes errors by field. The executor's own errors
 * quote the whole input, including passwords.
 *
 * @throws AuthError BAD_USER_INPUT
 */
export function checkVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): void {
  const fields: FieldMessages = Object.create(null);
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const faults = faultsOf(schema, definition, values);
    // A default value allows a nullable variable in a non-null position.
    const nullInstead = definition.defaultValue !== undefined && values[name] === null;
    if (faults.length === 0 && !nullInstead) continue;
    for (const use of usesOfVariable(schema, document, operation, name)) {
      const found = nullInstead && use.nonNull ? [{ path: [], message: NULL }] : faults;
      addMessages(fields, use.path, found);
    }
  }
  if (Object.keys(fields).length > 0) throw badUserInput(fields);
}

function addMessages(fields: FieldMessages, start: Path, faults: ReturnType<typeof faultsOf>) {
  for (const { path, message } of faults) {
    const field = fieldName([...start, ...path]);
    fields[field] = [...new Set(fields[field]).add(message)];
  }
}

function faultsOf(
  schema: GraphQLSchema,
  { variable, type: typeNode, defaultValue }: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): { readonly path: Path; readonly message: string }[] {
  const type = typeFromAST(schema, typeNode);
  if (!type || !isInputType(type)) return [];
  const { value: name } = variable.name;
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) {
    return isNonNullType(type) && !defaultValue ? [{ path: [], message: MISSING }] : [];
  }
  const faults: ReturnType<typeof faultsOf> = [];
  const onError = ({ message }: GraphQLError, path: Path) => {
    const missing = /to include required field "(\w+)"/.exec(message)?.[1];
    faults.push(
      missing
        ? { path: [...path, missing], message: MISSING }
        : { path, message: describeFault(message) },
    );
  };
  validateInputValue(value, type, onError, true);
  return faults;
}

/** Describes a fault without quoting the value. */
function describeFault(message: string): string {
  if (message === INVALID_DATE_TIME) return message;
  if (/not to include unknown field/.test(message)) return 'This object has an unknown field.';
  if (/non-null type .+ not to be null/.test(message)) return NULL;
  if (/^(String|ID) cannot represent/.test(message)) return 'Not a valid string.';
  if (message.startsWith('Int cannot represent')) return 'Not a valid integer.';
  if (/^(Enum|Value) "/.test(message)) return 'Must be one of the allowed values.';
  return 'This field has the wrong type.';
}

/** Makes the result of an operation that was not run. */
export const errorResult = (error: unknown) => ({
  errors: [new GraphQLError('', { originalError: error as Error })],
});
