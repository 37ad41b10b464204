import type { Context } from '../context.ts';
import { invalidClient, jsonAnswer, OAuthError } from '../http/oauth-error.ts';
import type { RequestState } from '../http/request-state.ts';
import { introspectToken } from '../sessions/introspect-token.ts';
import { type OAuthEndpoint, readForm } from './oauth-endpoint.ts';

/** Tells a service whether a token is active (RFC 7662). Its session and account are current. */
export const createIntrospectionEndpoint = (
  contextOf: (state: RequestState) => Context,
): OAuthEndpoint => ({
  methods: ['POST'],
  path: '/oauth/introspect',
  async run(call) {
    // Without credentials, nothing is read or looked up.
    if (!call.state.isService) {
      throw invalidClient('Authenticate by HTTP Basic as a client of INTROSPECTION_CLIENTS');
    }
    const { token } = await readForm(call);
    if (token === undefined) {
      throw new OAuthError('invalid_request', 'The parameter token is missing');
    }
    // A token tells its type itself, so `token_type_hint` is not needed (§2.1).
    const found = await introspectToken(contextOf(call.state), token);
    return jsonAnswer(found ? { active: true, ...found } : { active: false });
  },
});
