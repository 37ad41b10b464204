import { createWebhook } from '../../webhooks/create-webhook.ts';
import { deleteWebhook } from '../../webhooks/delete-webhook.ts';
import * as deliveries from '../../webhooks/delivery-inputs.ts';
import { listDeliveries } from '../../webhooks/list-deliveries.ts';
import { listWebhooks } from '../../webhooks/list-webhooks.ts';
import { redeliver } from '../../webhooks/redeliver.ts';
import { rotateWebhookSecret } from '../../webhooks/rotate-webhook-secret.ts';
import { updateWebhook } from '../../webhooks/update-webhook.ts';
import * as inputs from '../../webhooks/webhook-inputs.ts';
import { administered, builder } from '../builder.ts';
import { currentActor } from '../graphql-context.ts';
import { inputArg, inputFields } from '../input-type.ts';
import { Acknowledgement } from './types.ts';
import {
  DeliveryConnection,
  DeliveryStatusType,
  DeliveryType,
  WebhookType,
  WebhookWithSecretType,
} from './webhook-object-types.ts';

builder.queryFields((t) => ({
  webhooks: t.field({
    description: 'All webhooks, the newest first. Requires an `ADMIN` or an API key.',
    type: [WebhookType],
    nullable: true,
    ...administered('READ'),
    resolve: (_root, _args, ctx) => listWebhooks(ctx),
  }),
  webhookDeliveries: t.field({
    description:
      'Deliveries of a webhook, those of the newest events first: delivered ones for 3 days, failed ones for 30. Requires an `ADMIN` or an API key.',
    type: DeliveryConnection,
    nullable: true,
    ...administered('READ'),
    validate: { schema: deliveries.deliveriesArguments },
    args: inputFields(deliveries.deliveriesArguments, t.arg, {
      types: { status: DeliveryStatusType },
    }),
    resolve: async (_root, args, ctx) => ({
      ...(await listDeliveries(ctx, args)),
      after: args.after,
    }),
  }),
}));

const forAdmins = { ...administered('WRITE'), limit: 'administration' } as const;
const withEvents = { types: { events: ['String'] } } as const;
const STEP_UP = 'Requires an `ADMIN` with a step-up, or an API key.';

builder.mutationFields((t) => ({
  createWebhook: t.field({
    description: `Creates a webhook and returns the secret that signs its messages. ${STEP_UP}`,
    type: WebhookWithSecretType,
    ...forAdmins,
    args: inputArg(t, inputs.createWebhookInput, withEvents as never),
    resolve: async (_root, { input }, ctx) => createWebhook(ctx, await currentActor(ctx), input),
  }),
  updateWebhook: t.field({
    description: `Changes a webhook, or switches it on or off. ${STEP_UP}`,
    type: WebhookType,
    ...forAdmins,
    args: inputArg(t, inputs.updateWebhookInput, withEvents as never),
    resolve: async (_root, { input }, ctx) => updateWebhook(ctx, await currentActor(ctx), input),
  }),
  deleteWebhook: t.field({
    description: `Deletes a webhook with its secret and its deliveries. ${STEP_UP}`,
    type: Acknowledgement,
    ...forAdmins,
    args: inputArg(t, inputs.deleteWebhookInput),
    resolve: async (_root, { input }, ctx) => deleteWebhook(ctx, await currentActor(ctx), input),
  }),
  rotateWebhookSecret: t.field({
    description: `Gives a webhook a new secret. The replaced one signs too, for 24 hours. ${STEP_UP}`,
    type: WebhookWithSecretType,
    ...forAdmins,
    args: inputArg(t, inputs.rotateWebhookSecretInput),
    resolve: async (_root, { input }, ctx) =>
      rotateWebhookSecret(ctx, await currentActor(ctx), input),
  }),
  redeliver: t.field({
    description:
      'Sends a delivered or failed message again, with the same `webhook-id`. Requires an `ADMIN` or an API key.',
    type: DeliveryType,
    ...forAdmins,
    args: inputArg(t, deliveries.redeliverInput),
    resolve: async (_root, { input }, ctx) => redeliver(ctx, await currentActor(ctx), input),
  }),
}));
