import { bodyLimit } from 'hono/body-limit';
import type { Config } from '../config/load-config.ts';
import type { Context } from '../context.ts';
import type { BaseUrl } from '../http/base-url.ts';
import { newRoutes, type Routes } from '../http/hono-routes.ts';
import { MAX_BODY } from '../http/json-body.ts';
import type { OAuthAnswer } from '../http/oauth-error.ts';
import { ProblemError } from '../http/problem.ts';
import { plainLength, readBody } from '../http/read-body.ts';
import { type Handler, type RequestState, stateOf } from '../http/request-state.ts';
import type { Operation } from '../ports/operation.ts';
import { createIntrospectionEndpoint } from './introspection-endpoint.ts';
import { type OAuthEndpoint, runEndpoint } from './oauth-endpoint.ts';
import { createRevocationEndpoint } from './revocation-endpoint.ts';
import { addServerMetadata } from './server-metadata.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import { createVerifyEndpoints } from './verify-endpoint.ts';

interface Parts {
  readonly config: Config;
  readonly contextOf: (state: RequestState) => Context;
  readonly refresh: Operation<RequestState>;
}

/** Creates the endpoints for other services and OAuth clients. */
export const createOAuthEndpoints = ({
  config,
  contextOf,
  refresh,
}: Parts): readonly OAuthEndpoint[] => [
  createTokenEndpoint(config, refresh),
  createIntrospectionEndpoint(contextOf),
  createRevocationEndpoint(config, contextOf),
  ...createVerifyEndpoints(contextOf),
];

/** Mounts the metadata and the endpoints, for requests that are not plain. */
export function createOAuthRoutes(
  endpoints: readonly OAuthEndpoint[],
  config: Config,
  baseUrl: BaseUrl,
): Routes {
  const routes = newRoutes();
  addServerMetadata(routes, config, baseUrl);
  const onError = () => {
    throw new ProblemError('payload-too-large', 'The request body is too large.');
  };
  const limit = bodyLimit({ maxSize: MAX_BODY, onError });
  for (const endpoint of endpoints) {
    routes.on([...endpoint.methods], endpoint.path, limit, async (c) => {
      const state = stateOf(c.env.incoming);
      const body = () => c.req.raw.arrayBuffer();
      const { status, headers, body: text } = await runEndpoint(endpoint, { state, body });
      return new Response(text ?? null, { status, headers });
    });
  }
  return routes;
}

/** Handles plain requests for the endpoints without Hono's adapter, as those of REST. */
export function handleOAuthDirectly(endpoints: readonly OAuthEndpoint[], others: Handler): Handler {
  const byName = new Map(
    endpoints.flatMap((endpoint) =>
      endpoint.methods.map((method) => [`${method} ${endpoint.path}`, endpoint] as const),
    ),
  );
  return (state) => {
    const { request, path } = state;
    const endpoint = byName.get(`${request.method} ${path}`);
    const length = endpoint && plainLength(request);
    if (!endpoint || length === undefined) return others(state);
    const body = () => readBody(request, length);
    return runEndpoint(endpoint, { state, body }).then((answer) => send(state, answer));
  };
}

function send(state: RequestState, { status, headers, body }: OAuthAnswer): void {
  if (!state.response.destroyed) state.send(status, headers, body);
}
