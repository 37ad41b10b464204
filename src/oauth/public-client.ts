import type { Config } from '../config/load-config.ts';
import type { Form } from '../http/form-body.ts';
import { invalidClient, OAuthError } from '../http/oauth-error.ts';
import type { RequestState } from '../http/request-state.ts';

/** All clients are one public client. A secret in the header is never right (RFC 6749 §5.2). */
export function rejectSecrets({ request }: RequestState): void {
  if (/^basic\b/i.test(request.headers.authorization ?? '')) {
    throw invalidClient('Clients of this endpoint have no secret: remove the Authorization header');
  }
}

/** Rejects secrets in the form, and another `client_id` (RFC 6749 §3.2.1), which may be missing. */
export function requireOwnClient(form: Form, { tokenClientId }: Config): void {
  if (form.client_secret !== undefined) {
    throw new OAuthError(
      'invalid_client',
      'Clients of this endpoint have no secret: remove client_secret',
    );
  }
  if (form.client_id !== undefined && form.client_id !== tokenClientId) {
    throw new OAuthError('invalid_client', 'The client_id is not that of this service');
  }
}
