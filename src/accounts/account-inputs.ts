import { z } from 'zod';
import type { ParsePayload } from 'zod/v4/core';
import { preferredLanguages } from '../outbox/preferred-languages.ts';
import { address as email } from './email-address.ts';
import { passwordFormProblem, passwordProblem } from './password-policy.ts';

/** A password to compare. */
export const givenPassword = z
  .string()
  .superRefine((password, check) => {
    const problem = passwordFormProblem(password);
    if (problem) check.addIssue(problem);
  })
  .meta({
    description: 'The current password, exactly as typed.',
    format: 'password',
    maxLength: 256,
    examples: ['wool-lantern-73'],
  });

/** A password to set. `rejectWeakPassword` or the use case checks it. */
export const newPassword = z.string().meta({
  description:
    'The new password, exactly as typed: 8 to 256 characters. Common passwords and the e-mail address are not allowed.',
  format: 'password',
  minLength: 8,
  maxLength: 256,
  examples: ['wool-lantern-73'],
});

/** Checks a new password together with the address of its account. */
export function rejectWeakPassword({
  value,
  issues,
}: ParsePayload<{ email: string; password: string }>): void {
  const message = passwordProblem(value.password, value.email);
  if (message) issues.push({ code: 'custom', input: value, path: ['password'], message });
}

const personName = z
  .string()
  .trim()
  .max(150, { error: 'Ensure this field has no more than 150 characters.' })
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), {
    error: 'This name contains invalid characters.',
  })
  .nullish();

const names = {
  firstName: personName.meta({
    description: 'First name, at most 150 characters.',
    examples: ['Ada'],
  }),
  lastName: personName.meta({
    description: 'Last name, at most 150 characters.',
    examples: ['Lovelace'],
  }),
};

export const registerInput = z
  .object({ email, password: newPassword, ...names })
  .check(rejectWeakPassword)
  .meta({ id: 'RegisterInput', description: 'The account to create.' });

export type RegisterInput = z.infer<typeof registerInput>;

const locale = z
  .string()
  .trim()
  .refine((tag) => /^[a-z\d-]+$/i.test(tag) && preferredLanguages(tag).length === 1, {
    error: 'Enter a language tag such as en or pt-BR.',
  })
  .overwrite((tag) => preferredLanguages(tag)[0] ?? '')
  .nullish()
  .meta({
    description:
      'Language of mails, if no language of the request is available. `null` lets the next sign-in set it.',
    examples: ['pt-BR'],
  });

export const updateProfileInput = z.object({ ...names, locale }).meta({
  id: 'UpdateProfileInput',
  description: 'The fields to change. Omitted fields stay unchanged; `null` removes a value.',
});

export type UpdateProfileInput = z.infer<typeof updateProfileInput>;
