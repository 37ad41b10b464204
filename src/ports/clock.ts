export interface Clock {
  now(): Date;
}

/** A UUIDv7 (RFC 9562) of that moment: sorts by time, then by order of creation. */
export type NewId = (at: Date) => string;

/** The ID below all others (RFC 9562 §5.9). */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';

export const daysBefore = (now: Date, days: number): Date =>
  new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
