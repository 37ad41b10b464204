import type { Result } from './result.ts';
import {
  type AccessTokenClaims,
  createVerifyAccessToken,
  type VerifierOptions,
  type VerifyAccessToken,
} from './verify-access-token.ts';

export type {
  AccessTokenClaims,
  VerifierOptions,
  VerifyAccessToken,
} from './verify-access-token.ts';

/** Requirements of a route. */
export interface GuardOptions {
  /** The account must have this role, or the response is 403. */
  readonly role?: AccessTokenClaims['role'];
}

interface NodeRequest {
  readonly headers: { readonly authorization?: string | undefined };
}
interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): { end(body: string): unknown };
}
interface FastifyReply {
  code(status: number): FastifyReply;
  headers(headers: Record<string, string>): FastifyReply;
  send(body: string): unknown;
}
interface HonoContext {
  readonly req: { readonly raw: Request };
}

/** Verifies access tokens of requests, for several frameworks. */
export interface Verifier {
  verifyAccessToken: VerifyAccessToken;
  /** Returns the claims of a request that passed a guard. Throws if no guard ran. */
  claimsOf(request: object): AccessTokenClaims;
  /** Middleware for Express and other servers in its style. */
  express(
    options?: GuardOptions,
  ): (request: NodeRequest, response: NodeResponse, next: () => void) => Promise<void>;
  /** Hook `onRequest` for Fastify. */
  fastify(options?: GuardOptions): (request: NodeRequest, reply: FastifyReply) => Promise<unknown>;
  /** Middleware for Hono. Pass `c.req.raw` to `claimsOf`. */
  hono(
    options?: GuardOptions,
  ): (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>;
  /** Wraps a route handler of Next, or any handler of a `Request`. */
  next<Context>(
    handler: (
      request: Request,
      claims: AccessTokenClaims,
      context: Context,
    ) => Response | Promise<Response>,
    options?: GuardOptions,
  ): (request: Request, context: Context) => Promise<Response>;
}

/** A response that a guard sends instead of the handler. */
interface Rejection {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Creates the guards of a service that accepts access tokens of one Gatehouse. */
export function createVerifier(options: VerifierOptions): Verifier {
  const verifyAccessToken = createVerifyAccessToken(options);
  const found = new WeakMap<object, AccessTokenClaims>();
  const check = async (request: object, authorization: string | null, guard: GuardOptions = {}) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return reject(401, 'UNAUTHENTICATED', 'Bearer');
    const result = await verifyAccessToken(token);
    if (!result.ok) return rejectionOf(result);
    if (guard.role && result.data.role !== guard.role) return reject(403, 'FORBIDDEN');
    found.set(request, result.data);
    return undefined;
  };
  const claimsOf = (request: object) => {
    const claims = found.get(request);
    if (!claims) throw new Error('No guard of Gatehouse has verified this request.');
    return claims;
  };
  return {
    verifyAccessToken,
    claimsOf,
    express: (guard) => async (request, response, next) => {
      const rejection = await check(request, request.headers.authorization ?? null, guard);
      if (!rejection) return next();
      response.writeHead(rejection.status, rejection.headers).end(rejection.body);
    },
    fastify: (guard) => async (request, reply) => {
      const rejection = await check(request, request.headers.authorization ?? null, guard);
      if (!rejection) return undefined;
      return reply.code(rejection.status).headers(rejection.headers).send(rejection.body);
    },
    hono: (guard) => async (context, next) => {
      const { raw } = context.req;
      const rejection = await check(raw, raw.headers.get('authorization'), guard);
      if (rejection) return new Response(rejection.body, rejection);
      await next();
      return undefined;
    },
    next: (handler, guard) => async (request, context) => {
      const rejection = await check(request, request.headers.get('authorization'), guard);
      if (rejection) return new Response(rejection.body, rejection);
      return handler(request, claimsOf(request), context);
    },
  };
}

function rejectionOf({ error }: Extract<Result<unknown>, { ok: false }>): Rejection {
  return error.code === 'UNAVAILABLE'
    ? reject(503, error.code, undefined, { 'retry-after': String(error.retryAfter) })
    : reject(401, 'UNAUTHENTICATED', 'Bearer error="invalid_token"');
}

const titles: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  503: 'Service Unavailable',
};

/** A problem document (RFC 9457), with a challenge (RFC 6750 §3) for a missing or bad token. */
function reject(
  status: number,
  code: string,
  challenge?: string,
  headers?: Record<string, string>,
): Rejection {
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(challenge && { 'www-authenticate': challenge }),
      ...headers,
    },
    body: JSON.stringify({ title: titles[status], status, code }),
  };
}
