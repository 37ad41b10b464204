import { z } from 'zod';
import { identifier } from '../administration/user-inputs.ts';
import { webhookTypes } from './webhook-types.ts';

const MAX_URL = 2000;
const MAX_DESCRIPTION = 200;

const INVALID_URL = `Enter a URL of at most ${MAX_URL} characters.`;
const INVALID_DESCRIPTION = `Enter at most ${MAX_DESCRIPTION} characters, without control characters.`;
export const UNKNOWN_TYPE =
  'Enter types of events such as user.created or audit.LOGIN_SUCCEEDED, each once.';

const isText = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** The id of a webhook. */
export const webhookId = identifier.meta({
  description: 'The `id` of the webhook.',
  examples: ['019aab2c-8c20-7b56-9e32-1d0f5a7b8c49'],
});

const url = z
  .string()
  .trim()
  .refine((text) => URL.canParse(text) && isText(text), { error: INVALID_URL })
  // Stores the URL as the worker parses it, so that administrators see the host that it connects to.
  .overwrite((text) => URL.parse(text)?.href ?? text)
  .max(MAX_URL, { error: INVALID_URL })
  .meta({
    description:
      'Target of the messages: an `https` URL with a public address, without user, password and fragment.',
    examples: ['https://example.com/webhooks'],
  });

const events = z
  .array(z.string())
  .min(1, { error: UNKNOWN_TYPE })
  .refine(
    (given) => new Set(given).size === given.length && given.every((e) => webhookTypes.includes(e)),
    { error: UNKNOWN_TYPE },
  )
  .meta({
    description: 'Types of messages: `user.created`, `audit.LOGIN_SUCCEEDED` and others.',
    examples: [['user.created']],
  });

const description = z
  .string()
  .trim()
  .max(MAX_DESCRIPTION, { error: INVALID_DESCRIPTION })
  .refine(isText, { error: INVALID_DESCRIPTION })
  .nullish()
  .meta({ description: 'Purpose of the webhook.', examples: ['crm'] });

export const createWebhookInput = z
  .object({ url, events, description })
  .meta({ id: 'CreateWebhookInput', description: 'The webhook to create.' });

export type CreateWebhookInput = z.infer<typeof createWebhookInput>;

export const updateWebhookInput = z
  .object({
    id: webhookId,
    url: url.nullish().meta(url.meta() ?? {}),
    events: events.nullish().meta(events.meta() ?? {}),
    description,
    enabled: z
      .boolean()
      .nullish()
      .meta({
        description: 'Switches the webhook on or off. Messages that wait are sent when it is on.',
        examples: [true],
      }),
  })
  .meta({
    id: 'UpdateWebhookInput',
    description: 'The webhook and its changes. Absent fields stay as they are.',
  });

export type UpdateWebhookInput = z.infer<typeof updateWebhookInput>;

export const deleteWebhookInput = z
  .object({ id: webhookId })
  .meta({ id: 'DeleteWebhookInput', description: 'The webhook to delete.' });

export const rotateWebhookSecretInput = z
  .object({ id: webhookId })
  .meta({ id: 'RotateWebhookSecretInput', description: 'The webhook that gets a new secret.' });

/** Names a webhook or a delivery that an operation changes. */
export interface IdInput {
  readonly id: string;
}
