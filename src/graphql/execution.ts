import { normalizedExecutor } from '@graphql-tools/executor';
import { RequestCache } from '@pothos/plugin-scope-auth';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import { AuthError, unavailable } from '../errors/auth-error.ts';
import type { RequestRecord } from '../ports/operation.ts';
import type { Span } from '../ports/tracing.ts';
import { tooManyValues } from './bounds.ts';
import { checkVariables, errorResult } from './coercion.ts';
import { originOf } from './errors.ts';
import type { RequestContext } from './graphql-context.ts';
import { operationLabel } from './operation-label.ts';
import { schema } from './schema.ts';

/** Time limit of an operation, in milliseconds. Its steps time out earlier. */
const MAX_TIME = 10_000;

/** An operation of a valid document. */
export interface ValidOperation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** Name for the log. */
  readonly label: string;
}

export type Result = ExecutionResult<Record<string, unknown>>;

/** Finds an operation of a valid document. The name may be omitted if there is only one. */
export function findOperation(
  document: DocumentNode,
  operationName: string | null | undefined,
): ValidOperation | undefined {
  const definition = getOperationAST(document, operationName);
  if (!definition) return undefined;
  return { document, definition, label: operationLabel(document, definition) };
}

/**
 * Runs an operation, for every transport. Checks number and types of its variables, and limits its
 * time. Never rejects: the result has the errors, which are not yet masked.
 */
export function runOperation(
  operation: ValidOperation,
  variables: Variables,
  context: RequestContext,
  record: RequestRecord,
): Promise<Result> {
  if (!context.tracing) return execute(operation, variables, context, record);
  const { definition, label } = operation;
  const kind = definition.operation;
  // Clients combine fields at will.
  const name = label.split(' ').length > 2 ? `${kind} (several fields)` : label;
  const attributes = { 'graphql.operation.type': kind };
  return context.tracing.run({ name, kind: 'internal', attributes }, async (span) => {
    const result = await execute(operation, variables, context, record);
    if (span && result.errors) note(span, originOf(result.errors[0]));
    return result;
  });
}

type Variables = Readonly<Record<string, unknown>> | undefined;

/** Marks a span by an error. A rejected request is no failure of the service. */
function note(span: Span, error: unknown): void {
  if (error instanceof AuthError && error.code !== 'UNAVAILABLE') {
    span.set({ 'error.type': error.code });
  } else if (error instanceof GraphQLError) span.set({ 'error.type': 'BAD_REQUEST' });
  else span.fail(error);
}

async function execute(
  { document, definition, label }: ValidOperation,
  variableValues: Variables,
  contextValue: RequestContext,
  record: RequestRecord,
): Promise<Result> {
  try {
    const excess = tooManyValues(variableValues);
    if (excess) return errorResult(excess);
    record.operation = label;
    checkVariables(schema, document, definition, variableValues ?? {});
    const operationName = definition.name?.value;
    const args = { schema, document, contextValue, variableValues, operationName };
    return await withTimeout(normalizedExecutor(args) as Result | Promise<Result>);
  } catch (error) {
    return errorResult(error);
  } finally {
    // Its weak map would keep the whole request in memory until a major garbage collection.
    RequestCache.clearForContext(contextValue);
  }
}

/**
 * Responds to an operation that exceeds the time limit. The operation continues; its result is
 * discarded.
 */
function withTimeout(result: Result | Promise<Result>): Result | Promise<Result> {
  if (!(result instanceof Promise)) return result;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(errorResult(unavailable())), MAX_TIME);
    const settle =
      <Value>(pass: (value: Value) => void) =>
      (value: Value) => {
        clearTimeout(timer);
        pass(value);
      };
    result.then(settle(resolve), settle(reject));
  });
}
