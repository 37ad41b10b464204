import { z } from 'zod';
import { roles } from '../accounts/account.entity.ts';
import { updateProfileInput } from '../accounts/account-inputs.ts';
import { address } from '../accounts/email-address.ts';
import { factorRecord } from './factor-record.ts';
import { time } from './time-field.ts';

const { firstName, lastName } = updateProfileInput.shape;

/** Bytes of JSON that an account may have as metadata. */
const MOST_METADATA = 4096;

const METADATA = 'Longer than 4 kB, or with characters that PostgreSQL does not store.';

/** Whether PostgreSQL stores the JSON, and it is not too long. */
function isStorable(json: unknown): boolean {
  const text = JSON.stringify(json);
  return Buffer.byteLength(text) <= MOST_METADATA && !/\\u0000|\\ud[89a-f]/.test(text);
}

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
  factors: factorRecord.nullish(),
  metadata: z.record(z.string(), z.unknown()).refine(isStorable, { error: METADATA }).default({}),
});

export type UserRecord = z.infer<typeof userRecord>;
