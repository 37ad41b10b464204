import { z } from 'zod';

const INVALID_NAME = 'Enter a name of 1 to 100 characters, without control characters.';

/** Longest text in a response of an authenticator, in characters. Attestations take a few thousand. */
const MAX_TEXT = 20_000;

const base64url = z
  .string()
  .regex(/^[\w-]+$/)
  .max(MAX_TEXT);

/** Makes the rule for the JSON of a credential, as `PublicKeyCredential.toJSON()` returns it. */
function credentialJson(response: z.ZodType, description: string, example: object) {
  const shape = z.object({
    id: base64url.max(1364),
    rawId: base64url,
    type: z.literal('public-key'),
    response,
  });
  const error = 'Send the JSON of the credential, as its toJSON() returns it.';
  return z
    .record(z.string(), z.unknown(), { error })
    .refine((given) => shape.safeParse(given).success && given.id === given.rawId, { error })
    .meta({ description, examples: [example] });
}

const exampleId = 'KEDetxZcUfinhVi6Za5nZQ';
const example = (response: object) => ({
  id: exampleId,
  rawId: exampleId,
  type: 'public-key',
  response,
});

/** The response of `navigator.credentials.get()`. */
export const assertion = credentialJson(
  z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
  'The credential of `navigator.credentials.get()`, as its `toJSON()` returns it (`AuthenticationResponseJSON`).',
  example({ clientDataJSON: 'eyJ0', authenticatorData: 'SZYN', signature: 'MEUC' }),
);

export const signInWithPasskeyInput = z.object({ credential: assertion }).meta({
  id: 'SignInWithPasskeyInput',
  description: 'The response of an authenticator.',
});

export type SignInWithPasskeyInput = z.infer<typeof signInWithPasskeyInput>;

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
      example({ clientDataJSON: 'eyJ0', attestationObject: 'o2Nm' }),
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
const INVALID_ID = { error: INVALID_PASSKEY_ID };

const id = z
  .string()
  .max(100, INVALID_ID)
  .refine((text) => !text.includes('\0'), INVALID_ID)
  .meta({
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
