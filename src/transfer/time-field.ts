import { z } from 'zod';

/** A time with its zone, not before 1970 and not in the future. */
export const time = z.iso
  .datetime({ offset: true, error: 'Not a time such as 2026-01-31T09:30:00Z.' })
  .transform((text) => new Date(text))
  .refine((date) => date.getTime() >= 0 && date.getTime() <= Date.now() + 86_400_000, {
    error: 'Before 1970, or in the future.',
  });
