import type { Operation } from '#tests/equivalence/mapping.ts';
import type { Answer } from './ask.ts';

const SESSION = '__Host-gatehouse=';
const DEVICE = '__Host-gatehouse-device=';

/** The cookies of a page of this very host, without those that it does not have. */
interface Cookies {
  readonly refreshToken?: string | undefined;
  readonly device?: string | undefined;
}

/** The headers of a page of this very host in cookie mode. */
export function cookieHeaders(url: string, { refreshToken, device }: Cookies) {
  const cookies = [refreshToken && SESSION + refreshToken, device && DEVICE + device];
  const cookie = cookies.filter(Boolean).join('; ');
  return {
    'gatehouse-session': 'cookie',
    origin: new URL(url).origin,
    'sec-fetch-site': 'same-origin',
    ...(cookie && { cookie }),
  };
}

/**
 * Returns the answer to a sign-in in a browser, with the tokens that its cookies have afterwards: the
 * `deviceToken` of a browser that is trusted from now on, too.
 */
export function readSignIn(answer: Answer, setCookies: readonly string[]): Answer {
  const { outcome, data } = answer;
  const [refreshToken, deviceToken] = [SESSION, DEVICE].map((start) =>
    setCookies
      .find((text) => text.startsWith(start))
      ?.slice(start.length)
      .replace(/;.*$/, ''),
  );
  if (outcome !== 'acknowledged') return answer;
  if (data.refreshToken !== null || !refreshToken) {
    return { outcome: 'refused', code: 'TOKEN_IN_BODY', data: {} };
  }
  return { ...answer, data: { ...data, refreshToken, ...(deviceToken && { deviceToken }) } };
}

/**
 * Returns an answer with the refresh token that the browser has afterwards. A cookie that is removed
 * although its token may be good, or kept by a logout, is a refusal that no action allows.
 */
export function readCookie(
  answer: Answer,
  operation: Operation,
  setCookies: readonly string[],
): Answer {
  const setCookie = setCookies.find((text) => text.startsWith(SESSION));
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
