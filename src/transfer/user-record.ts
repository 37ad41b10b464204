import { z } from 'zod';
import { roles } from '../accounts/account.entity.ts';
import { updateProfileInput } from '../accounts/account-inputs.ts';
import { address } from '../accounts/email-address.ts';

const { firstName, lastName } = updateProfileInput.shape;

/** Bytes of JSON that an account may have as metadata. */
const MOST_METADATA = 4096;

const METADATA = 'Longer than 4 kB, or with characters that PostgreSQL does not store.';

/** Whether PostgreSQL stores the JSON, and it is not too long. */
function isStorable(json: unknown): boolean {
  const text = JSON.stringify(json);
  return Buffer.byteLength(text) <= MOST_METADATA && !/\\u0000|\\ud[89a-f]/.test(text);
}

/** A time with its zone, not before 1970 and not in the future. */
const time = z.iso
  .datetime({ offset: true, error: 'Not a time such as 2026-01-31T09:30:00Z.' })
  .transform((text) => new Date(text))
  .refine((date) => date.getTime() >= 0 && date.getTime() <= Date.now() + 86_400_000, {
    error: 'Before 1970, or in the future.',
  });

const externalId = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), {
    error: 'Contains invalid characters.',
  });

/** A user in a line of JSON: what `export users` writes and `import jsonl` reads. */
export const userRecord = z.strictObject({
  /** Id in the other system. A UUID becomes the id of the account. Default: the address. */
  id: z.union([externalId, z.int().transform(String)]).optional(),
  email: address,
  password_hash: z.string().max(512).nullish(),
  first_name: firstName,
  last_name: lastName,
  role: z.enum(roles).default('USER'),
  created_at: time.optional(),
  last_login_at: time.nullish(),
  /** Default: the time of the import. Users with null are skipped. */
  email_verified_at: time.nullish(),
  disabled_at: time.nullish(),
  metadata: z.record(z.string(), z.unknown()).refine(isStorable, { error: METADATA }).default({}),
});

export type UserRecord = z.infer<typeof userRecord>;
