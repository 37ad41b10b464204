import { z } from 'zod';
import { base64url } from '../factors/credential-json.ts';
import { time } from './time-field.ts';

/** The secret of an app: in base32, or encrypted under the `SECRET_KEY` of the other Gatehouse. */
const totp = z
  .strictObject({
    secret: z
      .string()
      .regex(/^[A-Z2-7]{26,103}$/, { error: 'Not base32 of 16 to 64 bytes, without padding.' })
      .optional(),
    sealed_secret: z.string().max(1000).optional(),
    confirmed_at: time.optional(),
    /** The newest step that was used. Default: none. */
    last_step: z.int().min(0).max(2_147_483_647).default(0),
  })
  .refine(({ secret, sealed_secret }) => (secret === undefined) !== (sealed_secret === undefined), {
    error: 'Needs either secret or sealed_secret.',
  });

const passkey = z.strictObject({
  credential_id: base64url.max(1364),
  /** COSE key. */
  public_key: base64url.max(4000),
  sign_count: z.int().min(0).max(4_294_967_295),
  backup_eligible: z.boolean(),
  backed_up: z.boolean(),
  transports: z.array(z.string().regex(/^[a-z-]{1,20}$/)).max(10),
  aaguid: z.uuid(),
  name: z.string().min(1).max(100),
  created_at: time,
  last_used_at: time.nullish(),
});

/** Second factors in a line of JSON. */
export const factorRecord = z
  .strictObject({
    /** When the account got the first one. Default: the time of the import. */
    since: time.optional(),
    /** User handle of the passkeys. */
    user_handle: base64url.max(86).nullish(),
    totp: totp.nullish(),
    /** SHA-256 of each unused recovery code, in lower case without dashes: base64url. */
    recovery_codes: z
      .array(z.string().regex(/^[\w-]{43}$/))
      .max(10)
      .default([]),
    passkeys: z.array(passkey).max(20).default([]),
  })
  .refine((given) => given.totp || given.passkeys.length > 0, {
    error: 'Contains neither totp nor passkeys.',
  })
  .refine((given) => given.passkeys.length === 0 || given.user_handle, {
    error: 'Passkeys need user_handle.',
  });

export type FactorRecord = z.infer<typeof factorRecord>;
