export interface Clock {
  now(): Date;
}

/** A UUIDv7 (RFC 9562) of that moment: sorts by time, then by order of creation. */
export type NewId = (at: Date) => string;

export const daysBefore = (now: Date, days: number): Date =>
  new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
