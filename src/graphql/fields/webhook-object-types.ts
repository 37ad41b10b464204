import type { WebhookWithSecret } from '../../webhooks/create-webhook.ts';
import type { ListedDelivery } from '../../webhooks/delivery-statements.ts';
import type { DeliveryPage } from '../../webhooks/list-deliveries.ts';
import type { DeliveryStatus } from '../../webhooks/webhook-delivery.entity.ts';
import type { ListedWebhook } from '../../webhooks/webhook-statements.ts';
import { builder } from '../builder.ts';
import { type ObjectFieldBuilder, PageInfoType, valuesOf } from './types.ts';

const webhookFields = (t: ObjectFieldBuilder<ListedWebhook>) => ({
  id: t.exposeID('id', { description: 'ID of the webhook.' }),
  url: t.exposeString('url', { description: 'Target of the messages.' }),
  description: t.exposeString('description', { description: 'Purpose of the webhook.' }),
  events: t.field({
    type: ['String'],
    description: 'Types of messages that it gets.',
    resolve: ({ events }) => [...events],
  }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
  failingSince: t.expose('failingSince', {
    type: 'DateTime',
    nullable: true,
    description: 'First failure since the last success.',
  }),
  disabledAt: t.expose('disabledAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it was switched off, after three days of failures or by an administrator.',
  }),
});

export const WebhookType = builder.objectRef<ListedWebhook>('Webhook').implement({
  description: 'An endpoint that gets events by HTTP (Standard Webhooks).',
  fields: webhookFields,
});

export const WebhookWithSecretType = builder
  .objectRef<WebhookWithSecret>('WebhookWithSecret')
  .implement({
    description: 'A webhook with its new secret.',
    fields: (t) => ({
      ...webhookFields(t as never),
      secret: t.exposeString('secret', {
        description: 'Secret that signs the messages. It is never shown again.',
      }),
    }),
  });

export const DeliveryStatusType = builder.enumType('WebhookDeliveryStatus', {
  description: 'State of a delivery.',
  values: valuesOf<DeliveryStatus>({
    PENDING: 'Waits for its first or next attempt.',
    DELIVERED: 'The receiver accepted it.',
    FAILED: 'It was retried for three days, and is sent again only by `redeliver`.',
  }),
});

export const DeliveryType = builder.objectRef<ListedDelivery>('WebhookDelivery').implement({
  description: 'One message for one webhook.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'ID of the delivery.' }),
    webhookId: t.exposeID('webhookId', { description: 'ID of the webhook.' }),
    messageId: t.exposeString('messageId', {
      description: 'Header `webhook-id`. It begins with the ID of the audit event.',
    }),
    type: t.exposeString('type', { description: 'Type of the message.' }),
    status: t.expose('status', { type: DeliveryStatusType, description: 'State.' }),
    attempts: t.exposeInt('attempts', { description: 'Number of attempts.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
    attemptedAt: t.expose('attemptedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time of the last attempt.',
    }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt may begin.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was delivered or set aside.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'Why the last attempt failed, such as `HTTP 500` or `TIMEOUT`.',
    }),
  }),
});

const DeliveryEdge = builder
  .objectRef<DeliveryPage['rows'][number]>('WebhookDeliveryEdge')
  .implement({
    description: 'A delivery and its cursor.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Cursor for `after`.' }),
      node: t.field({ type: DeliveryType, description: 'The delivery.', resolve: (row) => row }),
    }),
  });

export const DeliveryConnection = builder
  .objectRef<DeliveryPage & { readonly after: string | null | undefined }>(
    'WebhookDeliveryConnection',
  )
  .implement({
    description: 'A page of the deliveries of a webhook.',
    fields: (t) => ({
      edges: t.expose('rows', { type: [DeliveryEdge], description: 'Deliveries of the page.' }),
      pageInfo: t.field({
        type: PageInfoType,
        description: 'Pagination information.',
        resolve: ({ rows, hasMore, after }) => ({
          hasNextPage: hasMore,
          hasPreviousPage: after != null,
          startCursor: rows[0]?.cursor ?? null,
          endCursor: rows.at(-1)?.cursor ?? null,
        }),
      }),
    }),
  });
