import { z } from 'zod';
import { givenPassword } from '../accounts/account-inputs.ts';
import { challengeId, otp } from '../challenges/challenge-inputs.ts';

export const stepUpInput = z
  .object({
    password: givenPassword.nullish().meta({
      description: 'The password, exactly as typed. Send either this or a code.',
      examples: [null],
    }),
    otp: otp.nullish().meta({
      description: 'The 6-digit code that `requestStepUp` mailed to this session.',
      examples: ['123456'],
    }),
    challengeId,
  })
  .refine(({ password, otp: code }) => (password == null) !== (code == null), {
    error: 'Send either the password or the code.',
  })
  .meta({ id: 'StepUpInput', description: 'A proof of identity: the password or a code.' });

export type StepUpInput = z.infer<typeof stepUpInput>;
