import { z } from 'zod';
import { ownId } from '../accounts/own-id.ts';
import { factorChallengeId } from '../challenges/challenge-inputs.ts';
import {
  assertion,
  base64url,
  credentialExample,
  credentialJson,
} from '../factors/credential-json.ts';

const INVALID_NAME = 'Enter a name of 1 to 100 characters, without control characters.';

export const signInWithPasskeyInput = z.object({ credential: assertion }).meta({
  id: 'SignInWithPasskeyInput',
  description: 'The response of an authenticator.',
});

export type SignInWithPasskeyInput = z.infer<typeof signInWithPasskeyInput>;

export const passkeyFactorOptionsInput = z
  .object({
    challengeId: factorChallengeId,
  })
  .meta({ id: 'PasskeyFactorOptionsInput', description: 'The sign-in that waits for a factor.' });

export type PasskeyFactorOptionsInput = z.infer<typeof passkeyFactorOptionsInput>;

const name = z
  .string()
  .trim()
  .min(1, { error: INVALID_NAME })
  .max(100, { error: INVALID_NAME })
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), { error: INVALID_NAME });

export const registerPasskeyInput = z
  .object({
    credential: credentialJson(
      z.object({ clientDataJSON: base64url, attestationObject: base64url }),
      'The credential of `navigator.credentials.create()`, as its `toJSON()` returns it (`RegistrationResponseJSON`).',
      credentialExample({ clientDataJSON: 'eyJ0', attestationObject: 'o2Nm' }),
    ),
    name: name.nullish().meta({
      description:
        'Name of the passkey: 1 to 100 characters. Default: the name of the authenticator, if it is well known.',
      examples: ['My laptop'],
    }),
  })
  .meta({ id: 'RegisterPasskeyInput', description: 'The new passkey.' });

export type RegisterPasskeyInput = z.infer<typeof registerPasskeyInput>;

export const INVALID_PASSKEY_ID = 'This is not the ID of a passkey.';

const id = ownId(INVALID_PASSKEY_ID).meta({
  description: 'The `id` of the passkey.',
  examples: ['019aab2c-5d0e-7f13-8a64-3c1b9d27e850'],
});

export const renamePasskeyInput = z
  .object({
    id,
    name: name.meta({
      description: 'The new name: 1 to 100 characters.',
      examples: ['My laptop'],
    }),
  })
  .meta({ id: 'RenamePasskeyInput', description: 'The passkey and its new name.' });

export type RenamePasskeyInput = z.infer<typeof renamePasskeyInput>;

export const removePasskeyInput = z
  .object({ id })
  .meta({ id: 'RemovePasskeyInput', description: 'The passkey to remove.' });

export type RemovePasskeyInput = z.infer<typeof removePasskeyInput>;
