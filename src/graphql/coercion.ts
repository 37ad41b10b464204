import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  validateInputValue,
} from 'graphql';
import { badUserInput, type FieldMessages } from '../errors/auth-error.ts';
import { INVALID_DATE_TIME } from './date-time.ts';
import { fieldName, usesOfVariable } from './field-paths.ts';

const MISSING = 'This field is required.';
const NULL = 'This field may not be null.';

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
  const operation = getOperationAST(document, operationName);
  if (!operation) return;
  const fields: FieldMessages = Object.create(null);
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const faults = faultsOf(schema, definition, values);
    // A default value allows a nullable variable in a place that refuses null.
    const nullInstead = definition.defaultValue !== undefined && values[name] === null;
    if (faults.length === 0 && !nullInstead) continue;
    const wrong = usesOfVariable(schema, document, operation, name).flatMap((use) => {
      const here = nullInstead && use.nonNull ? [{ path: [], message: NULL }] : faults;
      return here.map(({ path, message }) => ({
        field: fieldName([...use.path, ...path]),
        message,
      }));
    });
    for (const { field, message } of wrong) {
      fields[field] = [...new Set(fields[field]).add(message)];
    }
  }
  if (Object.keys(fields).length > 0) throw badUserInput(fields);
}

interface Fault {
  /** Path inside the value. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function faultsOf(
  schema: GraphQLSchema,
  { variable, type: typeNode, defaultValue }: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): Fault[] {
  const type = typeFromAST(schema, typeNode);
  if (!type || !isInputType(type)) return [];
  const { value: name } = variable.name;
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) {
    return isNonNullType(type) && !defaultValue ? [{ path: [], message: MISSING }] : [];
  }
  const faults: Fault[] = [];
  validateInputValue(
    value,
    type,
    ({ message }, path) => {
      const missing = /to include required field "(\w+)"/.exec(message)?.[1];
      if (missing) faults.push({ path: [...path, missing], message: MISSING });
      else faults.push({ path, message: wrongness(message) });
    },
    true,
  );
  return faults;
}

/** Describes what is wrong with a value, without quoting the value. */
function wrongness(message: string): string {
  if (message === INVALID_DATE_TIME) return message;
  if (/not to include unknown field/.test(message)) return 'There is an unknown field.';
  if (/non-null type .+ not to be null/.test(message)) return NULL;
  if (/^(String|ID) cannot represent/.test(message)) return 'Not a valid string.';
  if (message.startsWith('Int cannot represent')) return 'Not a valid integer.';
  if (/^(Enum|Value) "/.test(message)) return 'Not one of the allowed values.';
  return 'This field has the wrong type.';
}

/** Converts an error of `checkVariables` into the result of an operation that was not run. */
export const refusedResult = (error: unknown) => ({
  errors: [new GraphQLError('', { originalError: error as Error })],
});
