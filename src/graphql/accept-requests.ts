import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Config } from '../config/load-config.ts';
import { AuthError } from '../errors/auth-error.ts';
import type { ProblemName } from '../errors/problem-types.ts';
import { isJson, JSON_ONLY, parseJson } from '../http/json-body.ts';
import { graphqlBody, problem } from '../http/problem.ts';
import { stateOf } from '../http/request-state.ts';
import { acceptsStream, responseType } from './media-types.ts';

/** The part of Yoga's context that its plugins use. */
export type YogaRequest = { readonly req: IncomingMessage };

/**
 * Accepts JSON bodies, and queries by GET. Rejects forms and plain text, because browsers send them
 * across origins without a preflight. A GET needs no preflight either, but it runs no mutation, and
 * a query needs the `Authorization` header.
 */
export function acceptRequests(config: Config): Plugin<object, YogaRequest> {
  const methods = config.graphqlGet ? ['GET', 'POST'] : ['POST'];
  return {
    onRequestParse(payload) {
      const { request, requestParser, setRequestParser, endResponse, fetchAPI } = payload;
      const reject = (name: ProblemName, detail: string, headers = {}) => {
        const fault = problem(name, detail);
        const { code, status } = fault;
        stateOf(payload.serverContext.req).record.code = code;
        return endResponse(fetchAPI.Response.json(graphqlBody(fault), { status, headers }));
      };
      if (!methods.includes(request.method)) {
        const allow = methods.join(', ');
        return reject('method-not-allowed', 'Send the request by POST', { allow });
      }
      if (request.method === 'POST' && !isJson(request.headers.get('content-type'))) {
        return reject('unsupported-media-type', JSON_ONLY);
      }
      // Checked before anything runs: tokens in a response that cannot be sent would be lost.
      const accept = request.headers.get('accept');
      if (!responseType(accept) && !acceptsStream(accept)) {
        return reject('not-acceptable', JSON_RESPONSES);
      }
      const read = (request.method === 'GET' && requestParser) || readPost;
      setRequestParser(async (given) => {
        try {
          return checkParams(await read(given));
        } catch (error) {
          if (error instanceof GraphQLError) throw error;
          const known = error instanceof AuthError ? error : malformed(request.method);
          throw new GraphQLError('', { originalError: known });
        }
      });
    },
  };
}

export const JSON_RESPONSES = 'Responses are JSON: send Accept: application/graphql-response+json';

const readPost = async (request: Request): Promise<unknown> =>
  parseJson(await request.arrayBuffer());

const members = ['query', 'variables', 'operationName', 'extensions'];

const badRequest = (message: string) => new AuthError('BAD_REQUEST', message);

/** Replaces the error of the parser, which quotes the body. */
const malformed = (method: string) =>
  badRequest(
    method === 'GET'
      ? 'The parameters variables and extensions must be JSON'
      : 'The body must be JSON in UTF-8',
  );

/** Checks the members of a request. @throws AuthError */
export function checkParams(given: unknown): GraphQLParams {
  if (Array.isArray(given)) {
    throw badRequest('Batches are not supported: send one JSON object per request');
  }
  if (given === null || typeof given !== 'object') {
    throw badRequest('The body must be a JSON object with a query');
  }
  const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  if (!Object.keys(params).every((name) => members.includes(name))) {
    throw badRequest(`Unknown member in the request. Allowed members: ${members.join(', ')}`);
  }
  const { query, variables, operationName = '', extensions } = params;
  for (const [name, value] of Object.entries({ variables, extensions })) {
    if (value !== undefined && (typeof value !== 'object' || Array.isArray(value))) {
      throw badRequest(`${name} must be a JSON object`);
    }
  }
  if (query === undefined && extensions?.persistedQuery) {
    // Clients recognize this text and then send the document itself.
    throw new AuthError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
  }
  if (typeof query !== 'string') throw badRequest('query is required and must be a string');
  if (typeof operationName !== 'string') {
    throw badRequest('operationName must be a string');
  }
  // Some clients send an empty name for an operation without one.
  if (operationName === '') delete params.operationName;
  return params;
}
