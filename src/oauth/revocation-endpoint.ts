import type { Config } from '../config/load-config.ts';
import type { Context } from '../context.ts';
import { OAuthError } from '../http/oauth-error.ts';
import type { RequestState } from '../http/request-state.ts';
import { revokeToken } from '../sessions/revoke-token.ts';
import { type OAuthEndpoint, readForm } from './oauth-endpoint.ts';
import { rejectSecrets, requireOwnClient } from './public-client.ts';

/** Ends the session of a token (RFC 7009). The response to an invalid token is the same (§2.2). */
export const createRevocationEndpoint = (
  config: Config,
  contextOf: (state: RequestState) => Context,
): OAuthEndpoint => ({
  methods: ['POST'],
  path: '/oauth/revoke',
  async run(call) {
    rejectSecrets(call.state);
    const form = await readForm(call);
    requireOwnClient(form, config);
    if (form.token === undefined) {
      throw new OAuthError('invalid_request', 'The parameter token is missing');
    }
    // A token tells its type itself, so `token_type_hint` is not needed (§2.1).
    await revokeToken(contextOf(call.state), form.token);
    return { status: 200, headers: {} };
  },
});
