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
    const authenticate = route.apiKey ? withTokenOrKey : withToken;
    return async (call) => {
      const { state } = call;
      try {
        if (!route.paged) return await answerOnce(route, operation, call);
        const run: ReturnType<typeof runFor> = (variables) =>
          runFor(state, operation)({ ...variables, ...call.parameters });
        const address = addressOf(call, baseUrl);
        return await (route.paged === 'byNumber'
          ? answerPage(run, call.query(), address)
          : answerCursorPage(run, call.query(), address, route.paged.shape));
      } catch (error) {
        // Checks authentication before it reports invalid input.
        const isEarly = route.signedIn && error instanceof InvalidRequest;
        if (isEarly) await runFor(state, authenticate)({});
        throw error;
      }
    };
  };
  return new Map(routes.map((route) => [route, create(route)]));
}

const addressOf = ({ state }: RestCall, baseUrl: BaseUrl) =>
  baseUrl(state.request.headers.host) + state.path;

const runFor =
  (state: RequestState, operation: Operation<RequestState>) =>
  (variables: Record<string, unknown>): Promise<unknown> =>
    operation(state, variables).catch((error) => {
      throw withRestNames(error);
    });

async function answerOnce(
  route: Route,
  operation: Operation<RequestState>,
  { state, parameters, body }: RestCall,
): Promise<unknown> {
  const { input, detail } = route;
  const shape = bodyShape(route);
  const contentType = state.request.headers['content-type'];
  const given = shape ? readInput(await body(), contentType, shape) : {};
  const variables = input ? { input: { ...given, ...parameters } } : parameters;
  const answer = await runFor(state, operation)(variables);
  return detail === undefined ? answer : { ...(answer as object), detail };
}
