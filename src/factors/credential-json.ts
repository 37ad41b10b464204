import { z } from 'zod';

/** Longest text in a response of an authenticator, in characters. Attestations take a few thousand. */
const MAX_TEXT = 20_000;

export const base64url = z
  .string()
  .regex(/^[\w-]+$/)
  .max(MAX_TEXT);

/** Makes the rule for the JSON of a credential, as `PublicKeyCredential.toJSON()` returns it. */
export function credentialJson(response: z.ZodType, description: string, example: object) {
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

/** Returns the example of a credential with this response. */
export const credentialExample = (response: object) => ({
  id: exampleId,
  rawId: exampleId,
  type: 'public-key',
  response,
});

const OF_GET =
  'The credential of `navigator.credentials.get()`, as its `toJSON()` returns it (`AuthenticationResponseJSON`).';

/** The response of `navigator.credentials.get()`. */
export const assertion = credentialJson(
  z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
  OF_GET,
  credentialExample({ clientDataJSON: 'eyJ0', authenticatorData: 'SZYN', signature: 'MEUC' }),
);

/** The response as one of several proofs. */
export const passkeyProof = assertion.nullish().meta({ description: OF_GET, examples: [null] });
