import { z } from 'zod';
import { totp } from '../factors/factor-inputs.ts';

export const confirmTotpInput = z.object({ totp }).meta({
  id: 'ConfirmTotpInput',
  description: 'The first code of a new authenticator app.',
});

export type ConfirmTotpInput = z.infer<typeof confirmTotpInput>;

export const undoFactorChangeInput = z
  .object({
    secret: z
      .string()
      .trim()
      .max(100, { error: 'Not a valid undo secret.' })
      .meta({
        description: 'The secret from the mail about the factors.',
        examples: ['q2s7Yw0rVn3Xb8Jt5LkPz1HdUc6MfGa9EoTi4RyWvBs'],
      }),
  })
  .meta({
    id: 'UndoFactorChangeInput',
    description: 'The undo secret of a change of the factors.',
  });

export type UndoFactorChangeInput = z.infer<typeof undoFactorChangeInput>;
