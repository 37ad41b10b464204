import { z } from 'zod';
import { givenPassword } from '../accounts/account-inputs.ts';
import { address } from '../accounts/email-address.ts';
import { challengeId, otp, undoSecret } from '../challenges/challenge-inputs.ts';
import { factorProofs, givenFields } from '../factors/factor-inputs.ts';

const proofsIn = ({ password, otp: code, ...factors }: Readonly<Record<string, unknown>>) =>
  [password, code].filter((proof) => proof != null).length + givenFields(factors).length;

export const stepUpInput = z
  .object({
    password: givenPassword.nullish().meta({
      description: 'The password, exactly as typed. Send this or another proof.',
      examples: [null],
    }),
    otp: otp.nullish().meta({
      description: 'The 6-digit code that `requestStepUp` mailed to this session.',
      examples: ['123456'],
    }),
    challengeId,
    ...factorProofs,
    totp: factorProofs.totp.meta({
      description: 'The 6-digit code that the authenticator app shows.',
      examples: [null],
    }),
  })
  .refine((input) => proofsIn(input) === 1, {
    error: 'Send the password, the code, or the proof of one factor.',
  })
  .meta({
    id: 'StepUpInput',
    description:
      'A proof of identity: the password or a code; for an account with a second factor, a factor.',
  });

export type StepUpInput = z.infer<typeof stepUpInput>;

export const changeEmailInput = z
  .object({
    newEmail: address.meta({
      description: 'The new e-mail address. Surrounding spaces and letter case are ignored.',
      examples: ['ada.lovelace@example.com'],
    }),
  })
  .meta({ id: 'ChangeEmailInput', description: 'The new e-mail address of the account.' });

export type ChangeEmailInput = z.infer<typeof changeEmailInput>;

export const confirmEmailChangeInput = z
  .object({
    otp: otp.meta({
      description: 'The 6-digit code that `changeEmail` mailed to the new address.',
      examples: ['123456'],
    }),
    challengeId: challengeId
      .unwrap()
      .unwrap()
      .meta({
        description: 'The `challengeId` from the response of `changeEmail`.',
        examples: ['3127-0894-5561-2070-9438-1185-6602-7743-0319-8856'],
      }),
  })
  .meta({ id: 'ConfirmEmailChangeInput', description: 'The code that confirms the new address.' });

export type ConfirmEmailChangeInput = z.infer<typeof confirmEmailChangeInput>;

export const undoEmailChangeInput = z
  .object({
    secret: undoSecret('The secret from the mail to the old address.'),
  })
  .meta({ id: 'UndoEmailChangeInput', description: 'The undo secret of a change.' });

export type UndoEmailChangeInput = z.infer<typeof undoEmailChangeInput>;
