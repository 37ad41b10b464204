import type { Operation } from '#tests/equivalence/mapping.ts';
import type { Answer } from './ask.ts';

/** The headers of a page of this very host in cookie mode, whose cookie has this refresh token. */
export const cookieHeaders = (url: string, refreshToken: string) => ({
  'gatehouse-session': 'cookie',
  origin: new URL(url).origin,
  'sec-fetch-site': 'same-origin',
  cookie: `__Host-gatehouse=${refreshToken}`,
});

/**
 * Returns an answer with the refresh token that the browser has afterwards. A cookie that is removed
 * although its token may be good, or kept by a logout, is a refusal that no action allows.
 */
export function readCookie(
  answer: Answer,
  operation: Operation,
  setCookie: string | undefined,
): Answer {
  const [, kept] = /^__Host-gatehouse=([^;]*);/.exec(setCookie ?? '') ?? [];
  const { outcome, code, status = 0, data } = answer;
  const reject = (what: string): Answer => ({ outcome: 'refused', code: what, status, data: {} });
  if (operation === 'logout') {
    return outcome === 'acknowledged' && kept !== '' ? reject('COOKIE_KEPT') : answer;
  }
  if (kept === '' && code !== 'INVALID_TOKEN') return reject('COOKIE_REMOVED');
  if (outcome !== 'acknowledged') return answer;
  if (data.refreshToken !== null || !kept) return reject('TOKEN_IN_BODY');
  return { ...answer, data: { ...data, refreshToken: kept } };
}
