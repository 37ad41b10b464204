import { z } from 'zod';
import type { ParsePayload } from 'zod/v4/core';
import { address as email } from '../accounts/email-address.ts';
import { passwordFormProblem, passwordProblem } from '../accounts/password-policy.ts';
import { type AuditEventName, auditEvents } from '../audit/event-types.ts';

/** A password that is only compared. */
const givenPassword = z
  .string()
  .superRefine((password, check) => {
    const problem = passwordFormProblem(password);
    if (problem) check.addIssue(problem);
  })
  .meta({
    description: 'Compared exactly as sent.',
    format: 'password',
    maxLength: 256,
    examples: ['wool-lantern-73'],
  });

/** A password to be set, for `refusedPassword` to check. */
const newPassword = z.string().meta({
  description: 'Taken exactly as sent: 8 to 256 characters; no common one, and not the address.',
  format: 'password',
  minLength: 8,
  maxLength: 256,
  examples: ['wool-lantern-73'],
});

function codeProblem(text: string): string {
  if (text === '') return 'This field may not be blank.';
  if (text.length > 6) return 'Ensure this field has no more than 6 characters.';
  return 'Enter the 6 digits of the code.';
}

/** Removes blanks, dashes and invisible characters, and converts full-width digits. */
const typedCode = (text: string): string =>
  text
    .replaceAll(/[\s\p{Pd}\u2212\p{Cf}]/gu, '')
    .replaceAll(/[\uff10-\uff19]/g, (digit) => digit.normalize('NFKC'));

/**
 * Six digits in any usual notation. Publishes no pattern, so that clients need not refuse blanks.
 */
export const otp = z
  .string()
  .overwrite(typedCode)
  .refine((text) => /^[0-9]{6}$/.test(text), { error: ({ input }) => codeProblem(String(input)) })
  .meta({
    description: 'The 6 digits of the code. Blanks, dashes and invisible characters are ignored.',
    examples: ['123456'],
  });

const challengeId = z
  .string()
  .max(100, { error: 'This is no challenge id.' })
  .nullish()
  .meta({
    description: 'The request that the code answers; without it, the newest of the address.',
    examples: ['3127-0894-5561-2070-9438-1185-6602-7743-0319-8856'],
  });

/** Checks a new password, with the address beside it. */
function refusedPassword({ value, issues }: ParsePayload<{ email: string; password: string }>) {
  const problem = passwordProblem(value.password, value.email);
  if (problem) issues.push({ code: 'custom', input: value, path: ['password'], message: problem });
}

const personName = z
  .string()
  .trim()
  .max(150, { error: 'Ensure this field has no more than 150 characters.' })
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), {
    error: 'This name has characters that are not valid.',
  })
  .nullish();

const firstName = personName.meta({ description: 'First name.', examples: ['Ada'] });

const lastName = personName.meta({ description: 'Last name.', examples: ['Lovelace'] });

export const registerInput = z
  .object({ email, password: newPassword, firstName, lastName })
  .check(refusedPassword);

export const loginInput = z.object({ email, password: givenPassword });

/** An address alone. */
export const addressInput = z.object({ email });

export const verifyOtpInput = z.object({ email, otp, challengeId });

export const resetPasswordInput = z
  .object({
    email,
    otp,
    password: newPassword.meta({ examples: ['amber-compass-91'] }),
    challengeId,
  })
  .check(refusedPassword);

/** The address that the new password must not be is known to the use case alone. */
export const changePasswordInput = z.object({
  currentPassword: givenPassword.meta({ examples: ['amber-compass-91'] }),
  newPassword: newPassword.meta({ examples: ['candle-harbour-58'] }),
});

export const revokeSessionInput = z.object({
  id: z
    .string()
    .max(100, { error: 'This is no session id.' })
    .refine((text) => !text.includes('\0'), { error: 'This is no session id.' })
    .meta({
      description: '`id` of one of the sessions.',
      examples: ['019aab2c-5f41-7d86-9b02-e6714ac8d35f'],
    }),
});

export const updateProfileInput = z.object({ firstName, lastName });

/** Any token of ours is a fraction of this long. */
const refreshToken = z
  .string({
    error: ({ input }) =>
      input === null ? 'This field may not be null.' : 'This field is required.',
  })
  .max(4096, { error: 'This is no refresh token.' })
  .meta({
    description: 'A refresh token, as it was given.',
    examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6InJ0K2p3dCJ9.e30.c2lnbmF0dXJl'],
  });

export const refreshTokensInput = z.object({ refreshToken });

export const logoutInput = z.object({
  refreshToken: refreshToken
    .nullish()
    .meta({ description: 'Of the session that ends; without it, that of the access token.' }),
});

const pageSize = z
  .int()
  .min(0, { error: 'Ask for 0 to 100.' })
  .max(100, { error: 'Ask for 0 to 100.' })
  .nullish();

const name = z.string().refine((text) => !text.includes('\0'), { error: 'This is no name.' });

export const auditLogsArguments = z
  .object({
    first: pageSize,
    after: z.string().nullish(),
    last: pageSize,
    before: z.string().nullish(),
    offset: z.int().min(0, { error: 'Skip 0 or more.' }).nullish(),
    filter: z
      .object({
        email: name.nullish(),
        event: name.nullish(),
        events: z.array(z.enum(Object.keys(auditEvents) as AuditEventName[])).nullish(),
        from: z.date().nullish(),
        to: z.date().nullish(),
      })
      .nullish(),
  })
  .check(({ value, issues }) => {
    const refuse = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [path], message });
    if (value.first != null && value.last != null) refuse('last', 'Not together with `first`.');
    if (value.offset != null && value.first == null) refuse('offset', 'Only with `first`.');
  });
