import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { BaseUrl } from '../http/base-url.ts';
import { newRoutes, type Routes } from '../http/hono-routes.ts';
import { MAX_BODY } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { Operation } from '../ports/operation.ts';
import { answerPage } from './pagination.ts';
import { readInput } from './rest-body.ts';
import { InvalidRequest, withRestNames } from './rest-problem.ts';
import { type Route, routes } from './rest-routes.ts';

type Run = (variables: Record<string, unknown>) => Promise<unknown>;
type RestContext = Context<{ Bindings: HttpBindings }>;

/**
 * Creates the REST routes. Each one runs its GraphQL operation in process, so that checks, limits,
 * audit and mails are those of GraphQL. Throws errors as they are.
 *
 * @param prepare prepares a GraphQL operation; throws if it does not fit the schema
 */
export function createGateway(prepare: (operation: string) => Operation, baseUrl: BaseUrl): Routes {
  const gateway = newRoutes();
  const onError = () => {
    throw new ProblemError('payload-too-large', 'The request body is too large.');
  };
  gateway.use(bodyLimit({ maxSize: MAX_BODY, onError }));
  const authenticate = prepare('{ me { id } }');
  for (const route of routes) {
    const operation = prepare(route.operation);
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    gateway.on(route.method, path, async (c) => {
      try {
        const address = baseUrl(c.req.header('host')) + c.req.path;
        const answer = route.paged
          ? await answerPage(runFor(c, operation), new URL(c.req.url).searchParams, address)
          : await answerOnce(route, runFor(c, operation), c);
        return Response.json(answer, { status: route.status ?? 200 });
      } catch (error) {
        // Checks authentication before it reports invalid input.
        if (route.signedIn && error instanceof InvalidRequest) await runFor(c, authenticate)({});
        throw error;
      }
    });
  }
  return gateway;
}

const runFor =
  ({ env, req }: RestContext, operation: Operation): Run =>
  (variables) =>
    operation({ req: env.incoming, request: req.raw }, variables).catch((error) => {
      throw withRestNames(error);
    });

async function answerOnce({ input, detail }: Route, run: Run, c: RestContext): Promise<unknown> {
  const variables = input ? { input: await readInput(c.req.raw, input.shape) } : {};
  const answer = await run({ ...variables, ...c.req.param() });
  return detail === undefined ? answer : { ...(answer as object), detail };
}
