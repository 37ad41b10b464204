import type { Config } from '../config/load-config.ts';
import { AuthError } from '../errors/auth-error.ts';
import { jsonAnswer, OAuthError } from '../http/oauth-error.ts';
import type { RequestState } from '../http/request-state.ts';
import type { Operation } from '../ports/operation.ts';
import { type OAuthEndpoint, readForm } from './oauth-endpoint.ts';
import { rejectSecrets, requireOwnClient } from './public-client.ts';

/** The operation of the endpoint. */
export const REFRESH = `mutation ($input: RefreshTokensInput!) {
  refreshTokens(input: $input) {
    access_token: accessToken
    token_type: tokenType
    expires_in: expiresIn
    refresh_token: refreshToken
  }
}`;

/** Refreshes tokens (RFC 6749 §6). Runs `refreshTokens`, whose checks, limit and events it shares. */
export const createTokenEndpoint = (
  config: Config,
  refresh: Operation<RequestState>,
): OAuthEndpoint => ({
  methods: ['POST'],
  path: '/oauth/token',
  async run(call) {
    rejectSecrets(call.state);
    const form = await readForm(call);
    requireOwnClient(form, config);
    const { grant_type: grantType, refresh_token: refreshToken, scope } = form;
    if (grantType === undefined) {
      throw new OAuthError('invalid_request', 'The parameter grant_type is missing');
    }
    if (grantType !== 'refresh_token') {
      const text = 'The only grant type here is refresh_token. Sign in over GraphQL or REST.';
      throw new OAuthError('unsupported_grant_type', text);
    }
    if (refreshToken === undefined) {
      throw new OAuthError('invalid_request', 'The parameter refresh_token is missing');
    }
    if (scope !== undefined) {
      throw new OAuthError('invalid_scope', 'Tokens have no scopes: omit the parameter scope');
    }
    const tokens = await refresh(call.state, { input: { refreshToken } }).catch((error) => {
      throw withGrantError(error);
    });
    return jsonAnswer(tokens as object);
  },
});

/** A malformed refresh token is invalid like any other (RFC 6749 §5.2). */
const withGrantError = (error: unknown): unknown =>
  error instanceof AuthError && ['INVALID_TOKEN', 'BAD_USER_INPUT'].includes(error.code)
    ? new OAuthError('invalid_grant', 'The refresh token is not valid')
    : error;
