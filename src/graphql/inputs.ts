import { z } from 'zod';
import type { ParsePayload } from 'zod/v4/core';
import { address as email } from '../accounts/address.ts';
import { passwordFormProblem, passwordProblem } from '../accounts/password-policy.ts';

/** A password that is only compared. */
const givenPassword = z.string().superRefine((password, check) => {
  const problem = passwordFormProblem(password);
  if (problem) check.addIssue(problem);
});

/** Six digits, outer blanks stripped. */
export const otp = z
  .string()
  .trim()
  .regex(/^[0-9]{6}$/, { error: 'Enter the 6 digits of the code.' });

const challengeId = z.string().max(100, { error: 'This is no challenge id.' }).nullish();

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

export const registerInput = z
  .object({ email, password: z.string(), firstName: personName, lastName: personName })
  .check(refusedPassword);

export const loginInput = z.object({ email, password: givenPassword });

/** An address alone. */
export const addressInput = z.object({ email });

export const verifyOtpInput = z.object({ email, otp, challengeId });

export const resetPasswordInput = z
  .object({ email, otp, password: z.string(), challengeId })
  .check(refusedPassword);

export const updateProfileInput = z.object({ firstName: personName, lastName: personName });

/** Any token of ours is a fraction of this long. */
export const refreshToken = z.string().max(4096, { error: 'This is no refresh token.' });

export const refreshTokensInput = z.object({ refreshToken });

export const logoutInput = z.object({ refreshToken: refreshToken.nullish() });

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
