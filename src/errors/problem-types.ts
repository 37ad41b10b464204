import type { ErrorCode } from './auth-error.ts';

/** One kind of problem document, RFC 9457: its `type` ends in the key, its page is made of this. */
export interface ProblemType {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  /** What has happened, for people. Names of the API stand in backticks. */
  readonly cause: string;
  /** What to do about it. */
  readonly cure: string;
}

const types = {
  'bad-user-input': {
    code: 'BAD_USER_INPUT',
    status: 400,
    title: 'The input breaks a rule',
    cause:
      'A field is missing, malformed, too short, too long or not allowed. Nothing has changed. ' +
      '`changePassword` answers so too where the current password is wrong.',
    cure:
      'Show each message beside its field: GraphQL lists them in `fields`, REST in `errors`, by ' +
      'the name of the field. Messages about the input as a whole stand under the empty name, ' +
      'over REST under `non_field_errors`. The same input is refused again, so do not retry it.',
  },
  unauthenticated: {
    code: 'UNAUTHENTICATED',
    status: 401,
    title: 'Not signed in',
    cause:
      'This needs an access token, and there was none, or it is malformed or expired (each lives ' +
      '15 minutes), or its session has ended: by a logout, by being revoked, or because the ' +
      'password was changed or reset elsewhere.',
    cure:
      'Send `Authorization: Bearer` and the access token; the refresh token is not one. If you ' +
      'did, exchange the refresh token for a new pair, once, and repeat the request. If that is ' +
      'refused with `INVALID_TOKEN`, the person has to sign in again.',
  },
  forbidden: {
    code: 'FORBIDDEN',
    status: 403,
    title: 'Not allowed',
    cause: 'It is known who asks, and this is not theirs to do or to see.',
    cure:
      'Another try, or another token of the same account, changes nothing. Use an account with ' +
      'the right role. The inbox of development is shown on its own machine alone: open it as ' +
      '`localhost`, and not through a proxy.',
  },
  'invalid-credentials': {
    code: 'INVALID_CREDENTIALS',
    status: 401,
    title: 'Wrong credentials',
    cause:
      'The address and the password do not belong together. It is not said which of the two is ' +
      'wrong, nor whether the address has an account: nobody shall learn that here.',
    cure:
      'Let the person type both again, and send the password exactly as typed: blanks count. ' +
      'Offer `requestOtp`, which signs in without a password, and `forgotPassword`. Do not retry ' +
      'by yourself: after some wrong passwords (5 in 15 minutes) the right one is refused too.',
  },
  'invalid-otp': {
    code: 'INVALID_OTP',
    status: 400,
    title: 'Wrong or expired code',
    cause:
      'The code is mistyped, expired (it lives 5 minutes) or used already; or it was mailed for ' +
      'something else, as a sign-in code resets no password; or a newer one has been mailed; or ' +
      'too many wrong ones have closed its challenge.',
    cure:
      'Let the person copy the code out of the newest mail. Send the `challengeId` (REST: ' +
      '`challenge_id`) that you got when you asked for the code: then a newer one does not ' +
      'displace it, and the guesses of unknown clients do not close it. If it still fails, ask anew.',
  },
  'invalid-token': {
    code: 'INVALID_TOKEN',
    status: 401,
    title: 'The refresh token is not valid',
    cause:
      'The refresh token is malformed, expired (after 14 days without use, or 30 in all) or ' +
      'spent, or its session has ended. Each works once. A token that is presented again after its ' +
      'successor was used ends the session, because the token may have been stolen.',
    cure:
      'Drop both tokens and let the person sign in again. If this meets people who are active, ' +
      'your client refreshes twice: store the new refresh token before anything else, let one ' +
      'tab refresh for all of them, and never fall back to an older token.',
  },
  'not-found': {
    code: 'NOT_FOUND',
    status: 404,
    title: 'Not found',
    cause:
      'There is no such address, page or thing, or it belongs to somebody else; which of these, ' +
      'is not said. A session that has ended counts as gone.',
    cure:
      'Check the path, beginning at `/api/v1`, and the id. Load the list again: what it does not ' +
      'show any more is gone. Read page after page by `next` until it is `null`.',
  },
  'rate-limited': {
    code: 'RATE_LIMITED',
    status: 429,
    title: 'Too many requests',
    cause:
      'Too many requests of this kind have come from this network, or too many codes have been ' +
      'mailed to this e-mail address (5 in 10 minutes, 20 a day).',
    cure:
      'Wait as many seconds as `retryAfter` says (REST: `retry_after`; the header `Retry-After` ' +
      'says the same): show the countdown, and keep the button off until then. If it meets ' +
      'everybody at once, Gatehouse sees your proxy instead of your clients: set `TRUST_PROXY`.',
  },
  locked: {
    code: 'LOCKED',
    status: 423,
    title: 'Too many failed attempts',
    cause:
      'Too many wrong passwords or codes for this e-mail address have come from this network ' +
      '(5 in 15 minutes). Until the time is over, the right one is refused as well. The account ' +
      'is unharmed: from other networks where its owner has signed in before, sign-in goes on.',
    cure:
      'Wait as many seconds as `unlockIn` says (REST: `unlock_in`; the header `Retry-After` says ' +
      'the same), and show the countdown. Passwords and codes are counted apart: after wrong ' +
      'passwords, `requestOtp` still signs in, and `forgotPassword` leads to a new one.',
  },
  unavailable: {
    code: 'UNAVAILABLE',
    status: 503,
    title: 'Temporarily unavailable',
    cause: 'A part that this needs, such as PostgreSQL or Redis, is away or overloaded.',
    cure:
      'Try again after as many seconds as `retryAfter` says (REST: `retry_after`; the header ' +
      '`Retry-After` says the same), and then with growing pauses. Keep the tokens: sessions ' +
      'outlast it. Whoever runs the service sees on `/readyz` which part is away.',
  },
  'internal-server-error': {
    code: 'INTERNAL_SERVER_ERROR',
    status: 500,
    title: 'A fault of the service',
    cause: 'Gatehouse has met something that it was not made for. That is a bug in it, not in you.',
    cure:
      'Try once more. If it comes back, tell whoever runs the service the `X-Request-Id` of the ' +
      'answer: the cause stands in its log under it, as `unexpected error`, and is not shown to ' +
      'clients.',
  },
  'bad-request': {
    code: 'BAD_REQUEST',
    status: 400,
    title: 'Malformed request',
    cause:
      'The request cannot be read: its body is not JSON, or it is no GraphQL request, or it asks ' +
      'for a host name that is not served here.',
    cure:
      'Send one JSON object in UTF-8, made by `JSON.stringify` rather than by hand; over GraphQL ' +
      'it holds `query` and, where there are some, `variables`. If all requests are refused so, ' +
      'the name in their address is missing from `ALLOWED_HOSTS`.',
  },
  'payload-too-large': {
    code: 'PAYLOAD_TOO_LARGE',
    status: 413,
    title: 'The body is too large',
    cause: 'The body is longer than 100,000 bytes, and has not been read.',
    cure:
      'Send only what the operation takes: no valid request comes near this size. Look for an ' +
      'object that has got into the body whole.',
  },
  'method-not-allowed': {
    code: 'BAD_REQUEST',
    status: 405,
    title: 'Method not allowed',
    cause: 'The address exists, but not for this HTTP method.',
    cure:
      'Use a method that the header `Allow` names. Over GraphQL, mutations go by `POST`. If you ' +
      'sent a `POST`, a redirect has turned it into a `GET`: use the final address, with `https`.',
  },
  'unsupported-media-type': {
    code: 'BAD_REQUEST',
    status: 415,
    title: 'Unsupported media type',
    cause:
      'The `Content-Type` is not JSON, or the body is compressed. Forms and plain text are not ' +
      'accepted.',
    cure:
      'Send JSON with the header `Content-Type: application/json` and without `Content-Encoding`. ' +
      'Without that header, `fetch` sends `text/plain`, and curl sends the type of a form.',
  },
  'not-acceptable': {
    code: 'BAD_REQUEST',
    status: 406,
    title: 'Not acceptable',
    cause: 'The header `Accept` excludes JSON, and JSON is the only format of the answers.',
    cure: 'Accept `application/json`, over GraphQL also `application/graphql-response+json`, or `*/*`.',
  },
  'request-timeout': {
    code: 'BAD_REQUEST',
    status: 408,
    title: 'Request timeout',
    cause: 'The request was not complete in time: headers have 10 seconds, the whole request 30.',
    cure: 'Send the request again on a new connection. Check the network and `Content-Length`.',
  },
  'expectation-failed': {
    code: 'BAD_REQUEST',
    status: 417,
    title: 'Expectation failed',
    cause: 'The header `Expect` asks for something other than `100-continue`.',
    cure:
      'Remove the header. Requests of this API are small, so asking before sending the body saves ' +
      'nothing.',
  },
  'headers-too-large': {
    code: 'PAYLOAD_TOO_LARGE',
    status: 431,
    title: 'The headers are too large',
    cause: 'The request line and the headers are longer than 16 KiB together.',
    cure:
      'Send fewer cookies, and no tokens or long values in the URL: the API does not read them ' +
      'there.',
  },
  'not-implemented': {
    code: 'BAD_REQUEST',
    status: 501,
    title: 'Not implemented',
    cause: 'The request uses a transfer coding other than `chunked`, or the method `CONNECT`.',
    cure: 'Send the body as it is, with `Content-Length` or `Transfer-Encoding: chunked` alone.',
  },
} satisfies Record<string, ProblemType>;

export type ProblemName = keyof typeof types;

/** Every problem type, by the last part of its address. */
export const problemTypes: Readonly<Record<ProblemName, ProblemType>> = types;
