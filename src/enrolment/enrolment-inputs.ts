import { z } from 'zod';
import { undoSecret } from '../challenges/challenge-inputs.ts';
import { totp } from '../factors/factor-inputs.ts';

export const confirmTotpInput = z.object({ totp }).meta({
  id: 'ConfirmTotpInput',
  description: 'The first code of a new authenticator app.',
});

export type ConfirmTotpInput = z.infer<typeof confirmTotpInput>;

export const undoFactorChangeInput = z
  .object({
    secret: undoSecret('The secret from the mail about the factors.'),
  })
  .meta({
    id: 'UndoFactorChangeInput',
    description: 'The undo secret of a change of the factors.',
  });

export type UndoFactorChangeInput = z.infer<typeof undoFactorChangeInput>;
