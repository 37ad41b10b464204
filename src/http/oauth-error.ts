import { AuthError, type ErrorCode } from '../errors/auth-error.ts';
import type { Log } from '../ports/logger.ts';
import { challenges, type Problem, problemHeaders, toProblem } from './problem.ts';

/** Error codes of RFC 6749 §5.2, of §4.1.2.1 for failures of the service, of RFC 6750 §3.1 and of RFC 9470 §3. */
type OAuthErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_token'
  | 'insufficient_user_authentication'
  | 'temporarily_unavailable'
  | 'server_error';

/** An error of an OAuth endpoint that RFC 6749 names. */
export class OAuthError extends AuthError {
  readonly error: OAuthErrorName;
  readonly status: number;
  /** Value of `WWW-Authenticate`, if the status is 401. */
  readonly challenge: string | undefined;

  constructor(
    error: OAuthErrorName,
    message: string,
    { status = 400, challenge }: { status?: number; challenge?: string } = {},
  ) {
    super(codes[error] ?? 'BAD_REQUEST', message);
    this.error = error;
    this.status = status;
    this.challenge = challenge;
  }
}

/** Codes of the log and the metrics. */
const codes: Partial<Record<OAuthErrorName, ErrorCode>> = {
  invalid_client: 'UNAUTHENTICATED',
  invalid_token: 'UNAUTHENTICATED',
  insufficient_user_authentication: 'ENROLLMENT_REQUIRED',
  invalid_grant: 'INVALID_TOKEN',
};

/** The client must authenticate with a secret (RFC 6749 §5.2, RFC 7662 §2.3). */
export const invalidClient = (message: string): OAuthError =>
  new OAuthError('invalid_client', message, {
    status: 401,
    challenge: 'Basic realm="oauth", charset="UTF-8"',
  });

/** The access token is missing or invalid (RFC 6750 §3). Without a token, there is no error code. */
export const invalidAccessToken = (message: string, presented: boolean): OAuthError =>
  new OAuthError('invalid_token', message, {
    status: 401,
    challenge: presented ? `${challenges.signIn}, error="invalid_token"` : challenges.signIn,
  });

/** The session needs a second factor first (RFC 9470 §3). Other services must not accept it. */
export const insufficientAuthentication = (message: string): OAuthError =>
  new OAuthError('insufficient_user_authentication', message, {
    status: 401,
    challenge: `${challenges.signIn}, error="insufficient_user_authentication", error_description="A second factor is required"`,
  });

/** Response of an OAuth endpoint. */
export interface OAuthAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Code of an error, for the log. */
  readonly code?: ErrorCode;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Responds with a JSON object (RFC 6749 §5.1). */
export const jsonAnswer = (body: object): OAuthAnswer => ({
  status: 200,
  headers: { ...JSON_TYPE, pragma: 'no-cache' },
  body: JSON.stringify(body),
});

/** Converts any error. Logs outages and bugs. */
export function errorAnswer(error: unknown, log: Log): OAuthAnswer {
  if (!(error instanceof OAuthError)) return problemAnswer(toProblem(error, log));
  const { status, challenge, code } = error;
  const headers = { ...JSON_TYPE, ...(challenge && { 'www-authenticate': challenge }) };
  return { status, headers, body: errorBody(error.error, error.message), code };
}

/** Converts a problem that no OAuth error names. */
export function problemAnswer(problem: Problem) {
  const { status, code, detail } = problem;
  const headers = { ...problemHeaders(problem), ...JSON_TYPE };
  return { status, headers, body: errorBody(nameOf(status), detail), code };
}

function nameOf(status: number): OAuthErrorName {
  if (status === 429 || status === 503) return 'temporarily_unavailable';
  return status >= 500 ? 'server_error' : 'invalid_request';
}

/** Writes an error (RFC 6749 §5.2). A description contains no quotes. */
const errorBody = (error: OAuthErrorName, description: string): string =>
  JSON.stringify({ error, error_description: description.replaceAll('"', "'") });
