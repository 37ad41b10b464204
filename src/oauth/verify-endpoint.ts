import type { Context } from '../context.ts';
import { enrollmentRequired, unauthenticated } from '../errors/auth-error.ts';
import { bearerTokenOf } from '../http/bearer-token.ts';
import { insufficientAuthentication, invalidAccessToken } from '../http/oauth-error.ts';
import type { RequestState } from '../http/request-state.ts';
import { authenticate } from '../sessions/authenticate.ts';
import type { OAuthEndpoint } from './oauth-endpoint.ts';

/**
 * Methods that a proxy may ask with. All have the same response: a proxy that keeps the method of the
 * client's request must not let an OPTIONS request pass.
 */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Tells a reverse proxy who is signed in, before it passes a request on. Envoy accepts only 200.
 */
export function createVerifyEndpoints(
  contextOf: (state: RequestState) => Context,
): readonly OAuthEndpoint[] {
  const verify =
    (status: 204 | 200) =>
    async ({ state }: { state: RequestState }) => {
      const token = bearerTokenOf(state.request.headers.authorization);
      const viewer = token ? await authenticate(contextOf(state), token) : undefined;
      if (!viewer) {
        const isPresented = token !== undefined;
        throw invalidAccessToken(unauthenticated(isPresented).message, isPresented);
      }
      if (viewer.mustEnroll) throw insufficientAuthentication(enrollmentRequired().message);
      const { id, role } = viewer.user;
      return {
        status,
        headers: { 'x-auth-user': id, 'x-auth-role': role, vary: 'authorization' },
      };
    };
  return [
    { methods, path: '/oauth/verify', run: verify(204) },
    { methods, path: '/oauth/verify/envoy', run: verify(200) },
  ];
}
