import type { ExecutionArgs } from 'graphql';
import { type Plugin, processRegularResult } from 'graphql-yoga';
import { ProblemError } from '../http/problem.ts';
import { type RequestState, stateOf } from '../http/request-state.ts';
import { JSON_RESPONSES, type YogaRequest } from './accept-requests.ts';
import { errorResult } from './coercion.ts';
import { isStream, isSubscription, mapResults, withStreamHeaders } from './event-stream.ts';
import { findOperation, type Result, runOperation } from './execution.ts';
import type { RequestContext } from './graphql-context.ts';
import { maskErrors } from './graphql-response.ts';
import { acceptsStream, responseType } from './media-types.ts';

export type CreateContext = (state: RequestState) => RequestContext;

const EVENTS = 'Subscriptions are Server-Sent Events: send Accept: text/event-stream';

/**
 * Runs operations as all transports do, with a context that Yoga has not copied. Nothing runs if the
 * client does not accept the kind of response: its tokens would be lost.
 */
export function executeOperations(createContext: CreateContext): Plugin {
  const run = (state: RequestState, isAccepted: boolean, cure: string) => (args: ExecutionArgs) => {
    if (!isAccepted) return errorResult(new ProblemError('not-acceptable', cure));
    const { document, operationName, variableValues } = args;
    const operation = findOperation(document, operationName);
    // Yoga has found the operation before.
    if (!operation) throw new Error('The document has no such operation');
    return runOperation(operation, variableValues ?? undefined, createContext(state), state.record);
  };
  const stateIn = (context: unknown) => stateOf((context as YogaRequest).req);
  return {
    onExecute({ setExecuteFn, context }) {
      const state = stateIn(context);
      const { accept } = state.request.headers;
      setExecuteFn(run(state, responseType(accept) !== undefined, JSON_RESPONSES));
    },
    onSubscribe({ setSubscribeFn, args: { contextValue } }) {
      const state = stateIn(contextValue);
      setSubscribeFn(run(state, acceptsStream(state.request.headers.accept), EVENTS));
    },
  };
}

/** Makes responses without what clients may not see. */
export function processResults(isDevelopment: boolean): Plugin<object, YogaRequest> {
  return {
    onResultProcess({ request, result, resultProcessor, serverContext, ...set }) {
      const state = stateOf(serverContext.req);
      const accept = request.headers.get('accept');
      const mask = (each: Result) => maskErrors(each, state, isDevelopment);
      if (resultProcessor && isSubscription(state) && acceptsStream(accept)) {
        set.setResultProcessor(withStreamHeaders(resultProcessor), 'text/event-stream');
        set.setResult(isStream(result) ? mapResults(result, mask) : mask(result as Result));
      } else {
        set.setResultProcessor(processRegularResult, responseType(accept) ?? 'application/json');
        set.setResult(mask(result as Result));
      }
    },
  };
}
