import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { problemTypes } from '../errors/problem-types.ts';
import type { BaseUrl } from '../http/base-url.ts';
import { MAX_BODY } from '../http/json-body.ts';
import type { Operation, RequestRecord } from '../ports/operation.ts';
import { answerPage } from './pagination.ts';
import { readInput } from './rest-body.ts';
import { asProblem, RestProblem } from './rest-problem.ts';
import { type Route, routes } from './rest-routes.ts';

export interface GatewayOptions {
  /** Prepares a GraphQL operation; throws when it does not fit the schema. */
  readonly prepare: (operation: string) => Operation;
  readonly baseUrl: BaseUrl;
  /** Returns the log record of a request, which is written once the response is sent. */
  readonly recordOf: (request: IncomingMessage) => RequestRecord;
}

/**
 * The REST routes: each runs its GraphQL operation in process, so that checks, limits, audit and
 * mails are those of GraphQL by construction.
 */
export function createGateway({ prepare, baseUrl, recordOf }: GatewayOptions): Hono<{
  Bindings: HttpBindings;
}> {
  const gateway = new Hono<{ Bindings: HttpBindings }>({ strict: false });
  const baseUrlOf = (c: Context) => baseUrl(c.req.header('host'));

  const refuse = (c: Context, error: RestProblem) => {
    recordOf(c.env.incoming).code = problemTypes[error.problem].code;
    return asProblem(error, baseUrlOf(c));
  };
  const onError = (c: Context) =>
    refuse(c, new RestProblem('payload-too-large', 'The request body is too large.'));
  gateway.use(bodyLimit({ maxSize: MAX_BODY, onError }));

  const whoAsks = prepare('{ me { id } }');
  for (const route of routes) {
    const operation = prepare(route.operation);
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    gateway.on(route.method, path, async (c) => {
      const on = (each: Operation) => (variables: Record<string, unknown>) =>
        each({ req: c.env.incoming, request: c.req.raw }, variables);
      try {
        const answer = route.paged
          ? await answerPage(
              on(operation),
              new URL(c.req.url).searchParams,
              baseUrlOf(c) + c.req.path,
            )
          : await answerOnce(route, on(operation), c);
        return Response.json(answer, { status: route.status });
      } catch (error) {
        if (!(error instanceof RestProblem)) throw error;
        return refuse(c, await firstProblem(error, route, on(whoAsks)));
      }
    });
  }
  return gateway;
}

type Run = (variables: Record<string, unknown>) => ReturnType<Operation>;

/** Who is not signed in hears that first, also where the operation was not even asked. */
async function firstProblem(
  error: RestProblem,
  { signedIn }: Route,
  whoAsks: Run,
): Promise<RestProblem> {
  if (!signedIn || error.refusal.code !== undefined) return error;
  const { refusal } = await whoAsks({});
  return refusal ? RestProblem.of(refusal) : error;
}

async function answerOnce({ input, detail }: Route, run: Run, c: Context): Promise<object> {
  const variables = input ? { input: await readInput(c.req.raw, input.shape) } : {};
  const { data, refusal } = await run({ ...variables, ...c.req.param() });
  if (refusal) throw RestProblem.of(refusal);
  // Each operation has one field.
  const answer = Object.values(data)[0] as object;
  return detail === undefined ? answer : { ...answer, detail };
}
