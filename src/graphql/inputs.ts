import { z } from 'zod';
import { passwordFormProblem, passwordProblem } from '../accounts/password-policy.ts';

const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const TOP_LABEL = '[a-z][a-z0-9-]{0,61}[a-z0-9]';
const ADDRESS = new RegExp(`^(?=.{1,64}@)${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${TOP_LABEL}$`);

const invalidAddress = 'Enter a valid email address.';

/** A canonical address: no outer blanks, ASCII (`xn--` domains), lower case (RFC 5321, dot-atom). */
export const email = z
  .string()
  .trim()
  .max(254, { error: invalidAddress, abort: true })
  // Before lower-casing: some letters outside ASCII have an ASCII lower case.
  .regex(/^[\x21-\x7e]+$/, { error: invalidAddress, abort: true })
  .toLowerCase()
  .regex(ADDRESS, { error: invalidAddress });

/** A password that is only compared. */
export const givenPassword = z.string().superRefine((password, check) => {
  const problem = passwordFormProblem(password);
  if (problem) check.addIssue(problem);
});

/** Six digits, outer blanks stripped. */
export const otp = z
  .string()
  .trim()
  .regex(/^[0-9]{6}$/, { error: 'Enter the 6 digits of the code.' });

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
  .check(({ value, issues }) => {
    const problem = passwordProblem(value.password, value.email);
    if (problem)
      issues.push({ code: 'custom', input: value, path: ['password'], message: problem });
  });

export const loginInput = z.object({ email, password: givenPassword });

export const requestOtpInput = z.object({ email });

export const verifyOtpInput = z.object({
  email,
  otp,
  challengeId: z.string().max(100, { error: 'This is no challenge id.' }).nullish(),
});
