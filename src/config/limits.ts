import { z } from 'zod';
import type { Limit } from '../ports/rate-limits.ts';
import { whole } from './setting-shapes.ts';

const shape = z
  .string()
  .regex(/^[1-9]\d{0,6}\/[1-9]\d{0,6}$/)
  .transform((text): Limit => {
    const [max = 0, seconds = 0] = text.split('/').map(Number);
    return { max, seconds };
  })
  // Timers count no further than 24 days.
  .refine(({ seconds }) => seconds <= 2_000_000);

/** Factor by which development raises the limits on requests and mails. */
const DEVELOPMENT_FACTOR = 20;

/**
 * Describes a limit on attempts.
 *
 * @param reach `wide`: development allows more, so that developers are not locked out. Limits on
 *   wrong codes and passwords stay the same, so that lock-outs can be seen.
 */
const limit = (variable: string, about: string, fallback: string, reach?: 'wide') => ({
  variable,
  about,
  must: 'like `5/900`: so many in so many seconds',
  shape,
  fallback: { production: fallback, development: reach ? widened(fallback) : fallback },
});

function widened(fallback: string): string {
  const [max, seconds] = fallback.split('/');
  return `${Number(max) * DEVELOPMENT_FACTOR}/${seconds}`;
}

const count = (variable: string, about: string, max: number, fallback: string) => ({
  variable,
  about,
  must: `a whole number from 1 to ${max}`,
  shape: whole(1, max),
  fallback,
});

/** What one client may do, whoever it is for (contract §4). Each is run at its field, but `requests`, which is of all. */
export const clientLimits = {
  requests: limit(
    'LIMIT_REQUESTS',
    'All requests but those for its health, per client and server process.',
    '1200/60',
    'wide',
  ),
  codeRequests: limit(
    'LIMIT_CODE_REQUESTS',
    '`requestOtp` and `forgotPassword` together, per client.',
    '10/3600',
    'wide',
  ),
  registrations: limit('LIMIT_REGISTER', '`register`, per client.', '20/3600', 'wide'),
  logins: limit('LIMIT_LOGIN', '`login`, per client.', '100/600', 'wide'),
  verifications: limit('LIMIT_VERIFY_OTP', '`verifyOtp`, per client.', '100/600', 'wide'),
  resets: limit('LIMIT_RESET_PASSWORD', '`resetPassword`, per client.', '100/600', 'wide'),
  passwordChanges: limit(
    'LIMIT_CHANGE_PASSWORD',
    '`changePassword`, per client.',
    '20/3600',
    'wide',
  ),
  refreshes: limit(
    'LIMIT_REFRESH',
    '`refreshTokens`, per client and server process.',
    '300/600',
    'wide',
  ),
};

/** The name of a limit that a field declares. */
export type ClientLimit = keyof typeof clientLimits;

/** Open at a time, idle or not, for each server process. */
export const connectionLimits = {
  connections: count(
    'LIMIT_CONNECTIONS',
    'Open connections, per server process. When all are open, one that waits for a request is closed.',
    100_000,
    '1000',
  ),
  clientConnections: count(
    'LIMIT_CLIENT_CONNECTIONS',
    'Open connections of one client, per server process. Trusted proxies are exempt.',
    100_000,
    '100',
  ),
};

/** What may be done about one address, whether it has an account or not (contract §4). */
export const addressLimits = {
  mailedCodes: limit(
    'LIMIT_MAILED_CODES',
    'Mailed codes, per address and purpose.',
    '5/600',
    'wide',
  ),
  mailedCodesADay: limit(
    'LIMIT_MAILED_CODES_DAY',
    'The same, over a longer time.',
    '20/86400',
    'wide',
  ),
  wrongCodes: limit('LIMIT_WRONG_CODES', 'Wrong codes, per address and client.', '5/900'),
  mailbox: limit(
    'LIMIT_MAILBOX',
    'Mails to one mailbox that unknown clients request. Ignores `+tag`, and dots at Gmail.',
    '15/600',
    'wide',
  ),
  mailboxADay: limit('LIMIT_MAILBOX_DAY', 'The same limit over a longer time.', '60/86400', 'wide'),
  wrongCodesOfUnknown: {
    ...limit(
      'LIMIT_UNKNOWN_WRONG_CODES',
      'Wrong codes without a `challengeId`, per address, of all unknown clients together.',
      '20/3600',
    ),
    formerly: ['LIMIT_STRANGERS_WRONG_CODES'],
  },
  wrongCodesOfUnknownADay: {
    ...limit('LIMIT_UNKNOWN_WRONG_CODES_DAY', 'The same, over a longer time.', '50/86400'),
    formerly: ['LIMIT_STRANGERS_WRONG_CODES_DAY'],
  },
  guessesWithId: count(
    'LIMIT_GUESSES',
    'Wrong codes against one challenge, named by its `challengeId`.',
    1000,
    '5',
  ),
  guessesWithoutId: count(
    'LIMIT_GUESSES_WITHOUT_ID',
    'Wrong codes against one challenge, as the newest of its address.',
    1000,
    '10',
  ),
  wrongPasswordsOfUnknown: {
    ...limit(
      'LIMIT_UNKNOWN_WRONG_PASSWORDS',
      'Wrong passwords, per address, of all unknown clients together.',
      '50/3600',
    ),
    formerly: ['LIMIT_STRANGERS_WRONG_PASSWORDS'],
  },
  wrongPasswords: limit(
    'LIMIT_WRONG_PASSWORDS',
    'Wrong passwords, per address and client.',
    '5/900',
  ),
};

/** Limits of one session, for any client. */
export const sessionLimits = {
  wrongPasswordsOfSession: count(
    'LIMIT_SESSION_WRONG_PASSWORDS',
    'Wrong current passwords in a row after which `changePassword` ends the session.',
    1000,
    '5',
  ),
};

/**
 * Limits how much of Redis unknown clients can fill (contract §4). A client is unknown to an
 * address that has had no session from it in the last 30 days.
 */
export const networkLimits = {
  addresses: limit(
    'LIMIT_ADDRESSES',
    'Distinct addresses that one unknown client may touch (/32 for IPv4, /64 for IPv6).',
    '300/3600',
    'wide',
  ),
  addressesPer56: limit(
    'LIMIT_ADDRESSES_SITE',
    'The same, per IPv6 network of size /56.',
    '1000/3600',
    'wide',
  ),
  addressesPer48: limit(
    'LIMIT_ADDRESSES_WIDE',
    'The same, per network of size /48 (IPv6) or /24 (IPv4).',
    '3000/3600',
    'wide',
  ),
  unknownMemory: count(
    'LIMIT_UNKNOWN_MEMORY',
    'Percent of Redis’ `maxmemory` above which unknown clients get 503.',
    100,
    '70',
  ),
};
