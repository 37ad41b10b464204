import { invalidToken } from '#src/errors/auth-error.ts';
import { type Answer, request } from '#tests/support/request.ts';
import type { Call } from './call.ts';
import { PUBLIC_URL, type RestAnswer } from './translate.ts';

/**
 * Whether a call goes through an OAuth endpoint. They take a refresh token, and no other input, and
 * ignore cookies. Revocation takes access tokens too, unlike `logout`.
 */
export const isOAuth = ({ operation, input, way, cookieMode }: Call): boolean => {
  if (cookieMode) return false;
  const token = input?.refreshToken;
  const isToken = typeof token === 'string' && /^.{1,4096}$/su.test(token);
  if (way.path !== 1 || !isToken) return false;
  return operation === 'refreshTokens' || (operation === 'logout' && !isOfType('at+jwt', token));
};

/**
 * Asks an OAuth endpoint, and answers in the terms of REST. Revocation does not tell whether a token
 * was genuine: scripts have no forged refresh tokens, so its form tells.
 */
export async function askOAuth(url: string, call: Call): Promise<RestAnswer> {
  const token = String(call.input?.refreshToken);
  if (call.operation === 'logout') {
    const answer = await post(`${url}/oauth/revoke`, call, { token });
    if (answer.status !== 200) return refused(answer);
    if (!isOfType('rt+jwt', token)) return problem(answer, 'INVALID_TOKEN', 401, INVALID);
    const headers = headersOf(answer, 'application/json');
    return { status: 200, headers, body: { detail: 'Logged out' } };
  }
  const form = { grant_type: 'refresh_token', refresh_token: token, client_id: 'gatehouse' };
  const answer = await post(`${url}/oauth/token`, call, form);
  if (answer.status !== 200) return refused(answer);
  const { access_token, refresh_token, token_type, expires_in } = JSON.parse(answer.text);
  const body = { access: access_token, refresh: refresh_token, token_type, expires_in };
  return { status: 200, headers: headersOf(answer, 'application/json'), body };
}

function post(url: string, call: Call, form: Record<string, string>): Promise<Answer> {
  const headers = {
    'user-agent': call.userAgent,
    'content-type': 'application/x-www-form-urlencoded',
    ...(call.bearer !== undefined && { authorization: `Bearer ${call.bearer}` }),
  };
  const body = `${new URLSearchParams(form)}`;
  return request(url + (call.way.finalSlash ? '/' : ''), {
    method: 'POST',
    headers,
    from: call.from,
    body,
  });
}

/** Code and REST status of the errors that these endpoints share with REST. */
const codes: Readonly<Record<string, readonly [code: string, status: number]>> = {
  'invalid_grant 400': ['INVALID_TOKEN', 401],
  'temporarily_unavailable 429': ['RATE_LIMITED', 429],
};

function refused(answer: Answer): RestAnswer {
  const { error, error_description: detail } = JSON.parse(answer.text);
  const [code, status] = codes[`${error} ${answer.status}`] ?? [];
  if (!code || !status) throw new Error(`OAuth answers ${answer.status}: ${answer.text}`);
  return problem(answer, code, status, detail);
}

const INVALID = invalidToken().message;

const isOfType = (type: string, token: string): boolean => {
  const [, head = ''] = /^([\w-]+)\.[\w-]+\.[\w-]+$/.exec(token) ?? [];
  return Buffer.from(head, 'base64url').toString().includes(`"${type}"`);
};

function problem(answer: Answer, code: string, status: number, detail: string): RestAnswer {
  const wait = answer.headers['retry-after'];
  const type = `${PUBLIC_URL}/problems/${code.toLowerCase().replaceAll('_', '-')}`;
  const challenge = status === 401 ? 'Bearer realm="api"' : undefined;
  return {
    status,
    headers: headersOf(answer, 'application/problem+json', challenge),
    body: { type, status, detail, code, ...(wait && { retry_after: Number(wait) }) },
  };
}

const headersOf = ({ headers }: Answer, type: string, challenge?: string) => ({
  'cache-control': headers['cache-control'],
  'content-type': type,
  'retry-after': headers['retry-after'],
  'www-authenticate': challenge,
});
