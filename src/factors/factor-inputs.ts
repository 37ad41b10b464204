import { z } from 'zod';
import { address as email } from '../accounts/email-address.ts';
import { factorChallengeId, otp } from '../challenges/challenge-inputs.ts';
import type { FactorName } from '../errors/auth-error.ts';
import { passkeyProof } from './credential-json.ts';

const INVALID = 'Enter a recovery code: 24 letters and digits.';

/** A recovery code in any case, with or without blanks and dashes. */
const recoveryCode = z
  .string()
  .max(100, { error: INVALID })
  .overwrite((text) => text.replaceAll(/[\s\p{Pd}\u2212\p{Cf}]/gu, '').toLowerCase())
  .refine((text) => /^[a-z2-7]{24}$/.test(text), { error: INVALID });

const ofApp = 'The 6-digit code that the authenticator app shows.';

export const totp = otp.meta({ description: ofApp, examples: ['287082'] });

/** The fields of an input that prove a factor: one for each kind. */
export const factorProofs = {
  totp: totp.nullish().meta({ description: ofApp, examples: ['287082'] }),
  recoveryCode: recoveryCode.nullish().meta({
    description: 'One of the recovery codes. Letter case, spaces and dashes are ignored.',
    examples: [null],
  }),
  passkey: passkeyProof,
} as const;

/** The kind of factor that each field proves. */
export const proofFields: Readonly<Record<keyof typeof factorProofs, FactorName>> = {
  totp: 'TOTP',
  recoveryCode: 'RECOVERY_CODE',
  passkey: 'PASSKEY',
};

export type FactorProofs = { readonly [Field in keyof typeof factorProofs]?: unknown };

/** Returns the names of the fields that an input sets. */
export const givenFields = (input: FactorProofs) =>
  (Object.keys(proofFields) as (keyof FactorProofs)[]).filter((field) => input[field] != null);

export const verifyFactorInput = z
  .object({
    email,
    challengeId: factorChallengeId,
    ...factorProofs,
    trustDevice: z
      .boolean()
      .nullish()
      .meta({
        description:
          'Whether later sign-ins of the account in this browser need no second factor, for `TRUSTED_DEVICE_DAYS`. Works in cookie mode only: a second cookie keeps the trust. The owner gets a notice.',
        examples: [null],
      }),
  })
  .refine((input) => givenFields(input).length === 1, {
    error: 'Send the proof of one factor.',
  })
  .meta({
    id: 'VerifyFactorInput',
    description: 'The challenge of a sign-in, and the proof of one factor.',
  });

export type VerifyFactorInput = z.infer<typeof verifyFactorInput>;
