import { z } from 'zod';

function codeProblem(text: string): string {
  if (text === '') return 'This field may not be blank.';
  if (text.length > 6) return 'Ensure this field has no more than 6 characters.';
  return 'Enter the 6 digits of the code.';
}

/** Removes spaces, dashes and invisible characters, and converts full-width digits. */
const normalizeCode = (text: string): string =>
  text
    .replaceAll(/[\s\p{Pd}\u2212\p{Cf}]/gu, '')
    .replaceAll(/[\uff10-\uff19]/g, (digit) => digit.normalize('NFKC'));

/** Six digits in any usual notation. Publishes no pattern, because clients would reject spaces. */
export const otp = z
  .string()
  .overwrite(normalizeCode)
  .refine((text) => /^[0-9]{6}$/.test(text), { error: ({ input }) => codeProblem(String(input)) })
  .meta({
    description: 'The 6-digit code. Spaces, dashes and invisible characters are ignored.',
    examples: ['123456'],
  });

export const challengeId = z
  .string()
  .max(100, { error: 'Not a valid challenge ID.' })
  .nullish()
  .meta({
    description:
      'The `challengeId` from the response to your request for the code. If it is missing, the code is compared with the newest challenges of the address.',
    examples: ['3127-0894-5561-2070-9438-1185-6602-7743-0319-8856'],
  });

/** The challenge of a sign-in that waits for a second factor. */
export const factorChallengeId = challengeId
  .unwrap()
  .unwrap()
  .meta({
    description: 'The `challengeId` of the error `MFA_REQUIRED`.',
    examples: ['3127-0894-5561-2070-9438-1185-6602-7743-0319-8856'],
  });

/** Makes the rule for a secret that undoes a change. */
export const undoSecret = (description: string) =>
  z
    .string()
    .trim()
    .max(100, { error: 'Not a valid undo secret.' })
    .meta({ description, examples: ['q2s7Yw0rVn3Xb8Jt5LkPz1HdUc6MfGa9EoTi4RyWvBs'] });
