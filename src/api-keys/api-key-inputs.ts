import { z } from 'zod';
import { identifier } from '../administration/user-inputs.ts';
import { apiKeyScopes } from './api-key.entity.ts';

/** Days until a key expires: default and maximum. */
export const DEFAULT_DAYS = 90;
const MAX_DAYS = 366;

const outOfRange = { error: `Must be from 1 to ${MAX_DAYS}.` };
const INVALID_NAME = 'Enter a name of 1 to 100 characters, without control characters.';

export const createApiKeyInput = z
  .object({
    name: z
      .string()
      .trim()
      .min(1, { error: INVALID_NAME })
      .max(100, { error: INVALID_NAME })
      .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), { error: INVALID_NAME })
      .meta({ description: 'Purpose of the key: 1 to 100 characters.', examples: ['crm'] }),
    scope: z
      .enum(apiKeyScopes)
      .meta({ description: 'Permissions of the key.', examples: [apiKeyScopes[0]] }),
    expiresInDays: z
      .int()
      .min(1, outOfRange)
      .max(MAX_DAYS, outOfRange)
      .nullish()
      .meta({
        description: `Days until the key expires: at most ${MAX_DAYS}, ${DEFAULT_DAYS} by default.`,
        examples: [DEFAULT_DAYS],
      }),
  })
  .meta({ id: 'CreateApiKeyInput', description: 'The API key to create.' });

export type CreateApiKeyInput = z.infer<typeof createApiKeyInput>;

export const revokeApiKeyInput = z
  .object({
    id: identifier.meta({
      description: 'The `id` of the API key.',
      examples: ['019aab2c-7b10-7a45-8d21-0c9e4f6a7b38'],
    }),
  })
  .meta({ id: 'RevokeApiKeyInput', description: 'The API key to revoke.' });

export type RevokeApiKeyInput = z.infer<typeof revokeApiKeyInput>;
