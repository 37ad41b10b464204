import type { BaseUrl } from '../http/base-url.ts';
import type { RequestState } from '../http/request-state.ts';
import type { Operation } from '../ports/operation.ts';
import { answerCursorPage } from './cursor-pages.ts';
import { answerPage } from './pagination.ts';
import { readInput } from './rest-body.ts';
import { InvalidRequest, withRestNames } from './rest-problem.ts';
import { routes } from './rest-routes.ts';
import { bodyShape, type Route } from './route.ts';

/** A request for a route, as read by Hono or directly. */
export interface RestCall {
  readonly state: RequestState;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: () => URLSearchParams;
  readonly body: () => Promise<ArrayBuffer | Uint8Array>;
}

/** Runs the operation of a route. Returns the body of the response. Throws errors as they are. */
export type RunRoute = (call: RestCall) => Promise<unknown>;

/**
 * Prepares the REST routes. Each one runs its GraphQL operation in process, so that checks, limits,
 * audit and mails are those of GraphQL.
 *
 * @param prepare prepares a GraphQL operation
 */
export function prepareRoutes(
  prepare: (operation: string) => Operation<RequestState>,
  baseUrl: BaseUrl,
): ReadonlyMap<Route, RunRoute> {
  const withToken = prepare('{ me { id } }');
  const withTokenOrKey = prepare('{ auditLogs(first: 0) { __typename } }');
  const create = (route: Route): RunRoute => {
    const operation = prepare(route.operation);
    const answer = route.paged
      ? answerList(route.paged, operation, baseUrl)
      : answerOnce(route, operation);
    const authenticate = route.apiKey ? withTokenOrKey : withToken;
    return async (call) => {
      try {
        return await answer(call);
      } catch (error) {
        if (!(error instanceof InvalidRequest)) throw withRestNames(error);
        // Checks authentication before it reports invalid input.
        if (route.signedIn) await authenticate(call.state, {});
        throw error;
      }
    };
  };
  return new Map(routes.map((route) => [route, create(route)]));
}

function answerList(
  paged: NonNullable<Route['paged']>,
  operation: Operation<RequestState>,
  baseUrl: BaseUrl,
): RunRoute {
  return ({ state, parameters, query }) => {
    const run = (variables: Record<string, unknown>) =>
      operation(state, { ...variables, ...parameters });
    const address = baseUrl(state.request.headers.host) + state.path;
    return paged === 'byNumber'
      ? answerPage(run, query(), address)
      : answerCursorPage(run, query(), address, paged.shape);
  };
}

function answerOnce(route: Route, operation: Operation<RequestState>): RunRoute {
  const { input, detail } = route;
  const shape = bodyShape(route);
  return async ({ state, parameters, body }) => {
    const contentType = state.request.headers['content-type'];
    const given = shape ? readInput(await body(), contentType, shape) : {};
    const variables = input ? { input: { ...given, ...parameters } } : parameters;
    const answer = await operation(state, variables);
    return detail === undefined ? answer : { ...(answer as object), detail };
  };
}
