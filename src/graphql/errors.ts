import { GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes } from '../errors/auth-error.ts';
import { type Problem, toProblem } from '../http/problem.ts';
import type { Log } from '../ports/logger.ts';

/** HTTP part of a response. Yoga reads it from the error and removes it from the body. */
interface Http {
  status?: number;
  /** Applies the status only if the client accepts `application/graphql-response+json`. */
  spec?: boolean;
  headers?: Record<string, string>;
}

/** Codes of the endpoint itself, rather than of a field. */
const endpointCodes = [
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PAYLOAD_TOO_LARGE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] as const satisfies ErrorCode[];

type EndpointCode = (typeof endpointCodes)[number];

/** Texts for errors of validation, whose own messages quote the document. */
const findings: readonly (readonly [RegExp, string])[] = [
  [/^Cannot query field/, 'a selected field does not exist'],
  [
    /^Unknown argument|^Unknown directive|^Unknown type|^Unknown fragment/,
    'unknown argument, directive, type or fragment',
  ],
  [/of required type|of type .+ is required/, 'a required argument or field is missing'],
  [/^Variable .+ is not defined/, 'a variable is used but not declared'],
  [/^Variable .+ is never used/, 'a variable is declared but not used'],
  [
    /^Variable .+ of type .+ used in position/,
    'a variable has a different type than the argument it is used for',
  ],
  [/must have a selection of subfields/, 'an object needs a selection of its fields'],
  [/must not have a selection/, 'a scalar has no fields to select'],
  [/^Maximum introspection depth/, 'introspection is nested too deep'],
  [/introspection/i, 'introspection is disabled. Get the schema from /schema.graphql'],
  [/[Vv]alidation aborted/, 'it has too many errors'],
  [/cannot represent|^Expected value|invalid value/, 'a value has the wrong type'],
];

const shown = new WeakSet<GraphQLError>();

/**
 * Converts any error into one that the client may see: it has an error code, and quotes nothing
 * that the client sent. Logs the cause of a bug or an outage.
 *
 * @param isDevelopment adds the wrong field or type of a document
 */
export function publicError(error: unknown, log: Log, isDevelopment = false): GraphQLError {
  if (error instanceof GraphQLError && shown.has(error)) return error;
  const visible = describe(error, log, isDevelopment);
  shown.add(visible);
  return visible;
}

function describe(error: unknown, log: Log, isDevelopment: boolean): GraphQLError {
  const located = error instanceof GraphQLError ? error : undefined;
  const origin = originOf(error);
  if (located && origin === located) return endpointError(located, isDevelopment);
  return graphqlError(toProblem(origin, log), located);
}

/** Unwraps the error that GraphQL has located. */
export function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

function graphqlError(problem: Problem, at?: GraphQLError): GraphQLError {
  const { name: _, code, status, detail, ...details } = problem;
  const wait = details.retryAfter ?? details.unlockIn;
  // Errors of the request itself look the same in both media types.
  const spec = code !== 'PAYLOAD_TOO_LARGE' && code !== 'BAD_REQUEST';
  const http: Http = at?.path ? { status: 200 } : { status, spec };
  if (wait !== undefined) http.headers = { 'retry-after': String(wait) };
  return new GraphQLError(detail, { ...place(at), extensions: { code, ...details, http } });
}

function endpointError(error: GraphQLError, isDevelopment: boolean): GraphQLError {
  const given = (error.extensions.http ?? { status: 400 }) as Http;
  const code = endpointCode(error, given);
  // For plain JSON, an invalid document gets status 200, but an invalid request does not.
  const http = { ...given, spec: code.startsWith('GRAPHQL_') };
  const message = isDevelopment
    ? withoutValues(error.message, code)
    : fixedText(error.message, code);
  return new GraphQLError(message, { ...place(error), extensions: { code, http } });
}

/** Returns our own text, because the library's may quote what the client sent. */
function fixedText(text: string, code: EndpointCode): string {
  const message = errorCodes[code].replace(/\.$/, '');
  if (code !== 'GRAPHQL_VALIDATION_FAILED') return message;
  const finding = findings.find(([pattern]) => pattern.test(text));
  return finding ? `${message}: ${finding[1]}` : message;
}

/** Returns the library's text, which names fields and types, without any values. */
function withoutValues(text: string, code: EndpointCode): string {
  if (code !== 'GRAPHQL_PARSE_FAILED' && code !== 'GRAPHQL_VALIDATION_FAILED') {
    return fixedText(text, code);
  }
  return text
    .replace(/,? [Ff]ound: .*$/s, '')
    .replace(/ value: .*$/s, ' value')
    .replace(/^Value "\w+"/, 'The value')
    .replace(/\b(Name|String|BlockString|Int|Float) ".*$/s, '$1')
    .replace(/^(Syntax Error: (?:Invalid|Unexpected) [^:"]*)[:"].*$/s, '$1');
}

function endpointCode(error: GraphQLError, http: Http): EndpointCode {
  const { code } = error.extensions;
  if (http.status === 413) return 'PAYLOAD_TOO_LARGE';
  const known = endpointCodes.find((each) => each === code);
  if (known) return known;
  if (error.message.startsWith('Unknown operation named')) return 'OPERATION_RESOLUTION_FAILURE';
  return 'BAD_REQUEST';
}

const place = (at: GraphQLError | undefined) => ({
  nodes: at?.nodes ?? null,
  source: at?.source ?? null,
  positions: at?.positions ?? null,
  path: at?.path ?? null,
});
