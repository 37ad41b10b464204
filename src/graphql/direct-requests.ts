import type { IncomingMessage } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { isJson, parseJson } from '../http/json-body.ts';
import { plainLength, readBody } from '../http/read-body.ts';
import type { Handler, RequestState } from '../http/request-state.ts';
import { checkParams } from './accept-requests.ts';
import { runOperation } from './execution.ts';
import type { RequestContext } from './graphql-context.ts';
import { maskErrors, responseTo } from './graphql-response.ts';
import type { KnownOperations } from './known-operations.ts';
import { responseType } from './media-types.ts';

interface Parts {
  readonly known: KnownOperations;
  readonly context: (state: RequestState) => RequestContext;
  /** Handles all other requests. */
  readonly yoga: Handler;
  readonly isDevelopment: boolean;
}

/**
 * Handles plain requests without Yoga's layer of streams: a known operation in a JSON body of known
 * length. Yoga handles all others and finds every fault of a request, so that none can differ.
 */
export function handleDirectly({ known, context, yoga, isDevelopment }: Parts): Handler {
  return async (state) => {
    const { request, response } = state;
    const type = responseType(request.headers.accept);
    const length = isPlain(request) ? plainLength(request) : undefined;
    if (!type || !length) return yoga(state);
    const body = await readBody(request, length);
    const params = readParams(body);
    const operation = params && known.find(params);
    if (!operation || operation.definition.operation === 'subscription') {
      request.unshift(body);
      return yoga(state);
    }
    request.read();
    const result = await runOperation(operation, params.variables, context(state), state.record);
    const { body: text, init } = responseTo(maskErrors(result, state, isDevelopment), type);
    if (!response.destroyed) state.send(init.status, init.headers, text);
  };
}

const isPlain = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'POST' && url === '/graphql' && isJson(headers['content-type']);

function readParams(body: Buffer): GraphQLParams | undefined {
  try {
    return checkParams(parseJson(body));
  } catch {
    return undefined;
  }
}
