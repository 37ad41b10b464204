import { GraphQLError } from 'graphql';
import { z } from 'zod';

/** Message for an invalid `DateTime`, without the value. */
export const INVALID_DATE_TIME =
  'Enter a date (2026-11-22), or a date and time with its offset (2026-11-22T10:38:44Z).';

const dateTime = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Reads a `DateTime` that a client sent. @throws GraphQLError */
export function parseDateTime(value: unknown): Date {
  const text = dateTime.safeParse(value);
  if (!text.success) throw new GraphQLError(INVALID_DATE_TIME);
  // A date without a time is midnight in UTC.
  return new Date(text.data);
}
