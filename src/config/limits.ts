import type { Limit } from '../ports/rate-limits.ts';
import { converted, whole } from './setting-shapes.ts';

/** Factor by which development raises the limits on requests and mails. */
const DEVELOPMENT_FACTOR = 20;

const rate = converted((text): Limit => {
  const [, max, seconds] = /^([1-9]\d{0,6})\/([1-9]\d{0,6})$/.exec(text) ?? [];
  // Timers count at most 24 days.
  if (Number(seconds) <= 2_000_000) return { max: Number(max), seconds: Number(seconds) };
  throw new Error('');
}).describe('like `5/900`: five attempts in 900 seconds');

const limit = (variable: string, production: string, about: string, development = production) => ({
  variable,
  about,
  shape: rate,
  fallback: { production, development },
});

/** A limit that development raises, so that developers are not locked out. */
function wide(variable: string, fallback: string, about: string) {
  const [max, seconds] = fallback.split('/');
  return limit(variable, fallback, about, `${Number(max) * DEVELOPMENT_FACTOR}/${seconds}`);
}

const ofUnknown = (variable: string, fallback: string, about: string) => ({
  ...limit(variable, fallback, about),
  formerly: [variable.replace('UNKNOWN', 'STRANGERS')],
});

const count = (variable: string, max: number, fallback: string, about: string) => ({
  variable,
  about,
  shape: whole(1, max),
  fallback,
});

/** Limits on one client. Fields declare them, except `requests`. */
export const clientLimits = {
  requests: wide('LIMIT_REQUESTS', '1200/60', 'All requests, per server.'),
  codeRequests: wide(
    'LIMIT_CODE_REQUESTS',
    '10/3600',
    '`requestOtp`, `forgotPassword`, `requestStepUp` and `changeEmail` together.',
  ),
  registrations: wide('LIMIT_REGISTER', '20/3600', '`register`.'),
  logins: wide('LIMIT_LOGIN', '100/600', '`login`.'),
  verifications: wide('LIMIT_VERIFY_OTP', '100/600', '`verifyOtp`.'),
  resets: wide('LIMIT_RESET_PASSWORD', '100/600', '`resetPassword`.'),
  passwordChanges: wide('LIMIT_CHANGE_PASSWORD', '20/3600', '`changePassword`.'),
  stepUps: wide('LIMIT_STEP_UP', '100/600', '`stepUp`.'),
  factorProofs: wide('LIMIT_VERIFY_FACTOR', '100/600', '`verifyFactor`.'),
  factorChanges: wide(
    'LIMIT_FACTORS',
    '30/3600',
    'Changes that users make to their second factors, together.',
  ),
  confirmations: wide('LIMIT_CONFIRM_EMAIL', '100/600', '`confirmEmailChange`.'),
  passkeyOptions: wide(
    'LIMIT_PASSKEY_OPTIONS',
    '300/600',
    '`passkeySignInOptions`, `passkeyFactorOptions` and `passkeyStepUpOptions` together.',
  ),
  passkeySignIns: wide('LIMIT_PASSKEY_SIGN_IN', '100/600', '`signInWithPasskey`.'),
  passkeyChanges: wide(
    'LIMIT_PASSKEY_CHANGES',
    '60/3600',
    '`passkeyRegistrationOptions`, `registerPasskey`, `renamePasskey` and `removePasskey` together.',
  ),
  undos: wide(
    'LIMIT_UNDO_EMAIL',
    '100/600',
    '`undoEmailChange` and `undoFactorChange` together, per server.',
  ),
  exports: wide(
    'LIMIT_EXPORT',
    '5/3600',
    '`exportMyData`, per client, and per account from all clients.',
  ),
  administration: wide('LIMIT_ADMIN', '300/60', 'Changes by administrators, per server.'),
  refreshes: wide('LIMIT_REFRESH', '300/600', '`refreshTokens`, per server.'),
};

/** Name of a limit that a field declares. */
export type ClientLimit = keyof typeof clientLimits;

/** Limits on one address, whether it has an account or not. */
export const addressLimits = {
  mailedCodes: wide('LIMIT_MAILED_CODES', '5/600', 'Mailed codes, per purpose.'),
  mailedCodesADay: wide(
    'LIMIT_MAILED_CODES_DAY',
    '20/86400',
    '`LIMIT_MAILED_CODES` over a longer window.',
  ),
  emailChanges: wide('LIMIT_CHANGE_EMAIL', '5/86400', '`changeEmail`, per account.'),
  wrongCodes: limit('LIMIT_WRONG_CODES', '5/900', 'Wrong codes, per client.'),
  wrongFactors: limit(
    'LIMIT_WRONG_FACTORS',
    '20/86400',
    'Wrong codes of the authenticator app of an account, of all known clients together, and of all unknown ones.',
  ),
  mailbox: wide(
    'LIMIT_MAILBOX',
    '15/600',
    'Mails to one mailbox requested by unknown clients. `box+tag@` counts as `box@`; dots are ignored at Gmail.',
  ),
  mailboxADay: wide('LIMIT_MAILBOX_DAY', '60/86400', '`LIMIT_MAILBOX` over a longer window.'),
  wrongCodesOfUnknown: ofUnknown(
    'LIMIT_UNKNOWN_WRONG_CODES',
    '20/3600',
    'Wrong codes without a `challengeId`, of all unknown clients together.',
  ),
  wrongCodesOfUnknownADay: ofUnknown(
    'LIMIT_UNKNOWN_WRONG_CODES_DAY',
    '50/86400',
    '`LIMIT_UNKNOWN_WRONG_CODES` over a longer window.',
  ),
  guessesWithId: count(
    'LIMIT_GUESSES',
    1000,
    '5',
    'Wrong codes per challenge, in attempts that send its `challengeId`.',
  ),
  guessesWithoutId: count(
    'LIMIT_GUESSES_WITHOUT_ID',
    1000,
    '10',
    'Wrong codes per challenge, in attempts without a `challengeId`.',
  ),
  wrongPasswordsOfUnknown: ofUnknown(
    'LIMIT_UNKNOWN_WRONG_PASSWORDS',
    '50/3600',
    'Wrong passwords, of all unknown clients together.',
  ),
  wrongPasswords: limit('LIMIT_WRONG_PASSWORDS', '5/900', 'Wrong passwords, per client.'),
  wrongPasskeys: limit('LIMIT_WRONG_PASSKEYS', '5/900', 'Refused uses of passkeys, per client.'),
};

/** Limits that concern neither an address nor a field. */
export const otherLimits = {
  connections: count(
    'LIMIT_CONNECTIONS',
    100_000,
    '1000',
    'Open connections per server. At the limit, the oldest connection without a complete request is closed.',
  ),
  clientConnections: count(
    'LIMIT_CLIENT_CONNECTIONS',
    100_000,
    '100',
    'Open connections of one client, per server. Trusted proxies are exempt.',
  ),
  streams: count(
    'LIMIT_STREAMS',
    100_000,
    '500',
    'Open `sessionEnded` subscriptions per server. Each counts towards `LIMIT_CONNECTIONS`. Together they use at most half of it.',
  ),
  clientStreams: count(
    'LIMIT_CLIENT_STREAMS',
    100_000,
    '50',
    'Open `sessionEnded` subscriptions of one client, per process.',
  ),
  accountStreams: count(
    'LIMIT_ACCOUNT_STREAMS',
    1000,
    '10',
    'Open `sessionEnded` subscriptions of one account, per process.',
  ),
  wrongPasswordsOfSession: count(
    'LIMIT_SESSION_WRONG_PASSWORDS',
    1000,
    '5',
    'Consecutive wrong passwords in `changePassword` and `stepUp`, and wrong codes of the app in `stepUp`, that end the session.',
  ),
  addresses: wide(
    'LIMIT_ADDRESSES',
    '300/3600',
    'Distinct e-mail addresses that one unknown client may use (IPv4 /32, IPv6 /64).',
  ),
  addressesPer56: wide(
    'LIMIT_ADDRESSES_SITE',
    '1000/3600',
    'Distinct e-mail addresses that all unknown clients of one IPv6 /56 may use.',
  ),
  addressesPer48: wide(
    'LIMIT_ADDRESSES_WIDE',
    '3000/3600',
    'Distinct e-mail addresses that all unknown clients of one IPv6 /48 or IPv4 /24 may use.',
  ),
  unknownMemory: count(
    'LIMIT_UNKNOWN_MEMORY',
    100,
    '70',
    'Percent of Redis’ `maxmemory` above which unknown clients get 503.',
  ),
};
