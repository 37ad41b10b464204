import type { BrowserError } from '../../client/src/passkeys.ts';
import type { GatehouseError } from '../../client/src/result.ts';

/** Formats seconds in the largest unit of which there is at least one: `3 minutes`. */
export function duration(seconds: number): string {
  const units = Object.entries({ day: 86_400, hour: 3600, minute: 60 });
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ['second', 1];
  const count = Math.max(0, Math.round(seconds / size));
  return `${count.toLocaleString()} ${unit}${count === 1 ? '' : 's'}`;
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const timeText = (iso: string | number): string => moment.format(new Date(iso));
export const dayText = (iso: string | number): string => day.format(new Date(iso));

/** Formats a past time as `5 minutes ago`, or a future one as `in 3 days`. */
export function relativeText(iso: string): string {
  const seconds = (Date.now() - Date.parse(iso)) / 1000;
  if (seconds < 0) return `in ${duration(-seconds)}`;
  return seconds < 10 ? 'just now' : `${duration(seconds)} ago`;
}

/** Turns a name like `SESSION_REVOKED` into words. */
export function words(name: string): string {
  const text = name.toLowerCase().replaceAll('_', ' ');
  const named = text.replace(/\b(otp|api|ip)\b/g, (short) => short.toUpperCase());
  return named.charAt(0).toUpperCase() + named.slice(1);
}

const waits: Readonly<Record<string, string>> = {
  UNAVAILABLE: 'Part of Gatehouse is unavailable.',
  RATE_LIMITED: 'Too many requests.',
  LOCKED: 'Too many failed attempts.',
};

const sessionEnded = 'Your session has ended. Sign in again.';

const texts: Readonly<Record<string, string>> = {
  NETWORK_ERROR: 'Gatehouse does not respond. Check your connection, then try again.',
  INVALID_OTP: 'That code is wrong, was used already, or is older than the newest mail.',
  CANCELLED: 'The browser used no passkey. Try again.',
  ALREADY_ADDED: 'This device has a passkey of your account already.',
  INVALID_CREDENTIALS: 'The e-mail address or the password is wrong.',
  NOT_FOUND: 'Not found. It may have been deleted.',
  UNAUTHENTICATED: sessionEnded,
  INVALID_TOKEN: sessionEnded,
  INTERNAL_SERVER_ERROR: 'Gatehouse failed to do this. The server log contains the cause.',
};

/** Describes an error and its cure. */
export function errorText(error: GatehouseError | BrowserError): string {
  if ('retryAfter' in error)
    return `${waits[error.code]} Try again in ${duration(error.retryAfter)}.`;
  const fields = 'fields' in error ? Object.values(error.fields).flat().join(' ') : '';
  return fields || (texts[error.code] ?? error.message);
}
