import * as deliveries from '../webhooks/delivery-inputs.ts';
import * as hooks from '../webhooks/webhook-inputs.ts';
import { forAdmins, get, post, type Route, reads, select, steppedUp } from './route.ts';

const webhook = select('id url description events createdAt failingSince disabledAt');
const delivery = select(
  'id webhookId messageId type status attempts createdAt attemptedAt dueAt endedAt lastError',
);

const confirmed = ['FORBIDDEN', 'NOT_FOUND', ...steppedUp.errorCodes] as const;

/** REST routes about webhooks. */
export const webhookRoutes: readonly Route[] = [
  {
    ...get('/admin/webhooks', 'webhooks', webhook),
    ...reads,
    errorCodes: ['FORBIDDEN'],
  },
  {
    ...post('', 'createWebhook', hooks.createWebhookInput, `${webhook} secret`),
    path: '/admin/webhooks',
    status: 201,
    ...forAdmins,
    errorCodes: ['FORBIDDEN', ...steppedUp.errorCodes],
  },
  {
    ...post('', 'updateWebhook', hooks.updateWebhookInput, webhook),
    method: 'PUT',
    path: '/admin/webhooks/{id}',
    ...forAdmins,
    errorCodes: confirmed,
  },
  {
    method: 'DELETE',
    path: '/admin/webhooks/{id}',
    field: 'deleteWebhook',
    operation: 'mutation ($id: ID!) { deleteWebhook(input: { id: $id }) { detail } }',
    ...forAdmins,
    errorCodes: confirmed,
  },
  {
    ...post('', 'rotateWebhookSecret', hooks.rotateWebhookSecretInput, `${webhook} secret`),
    path: '/admin/webhooks/{id}/rotate-secret',
    ...forAdmins,
    errorCodes: confirmed,
  },
  {
    ...get('/admin/webhooks/{id}/deliveries', 'webhookDeliveries', ''),
    operation: `query ($id: ID!, $status: WebhookDeliveryStatus, $first: Int, $after: String) {
      webhookDeliveries(webhookId: $id, status: $status, first: $first, after: $after) {
        edges { node { ${delivery} } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    paged: deliveries.deliveryFilter,
    ...reads,
    errorCodes: ['FORBIDDEN', 'NOT_FOUND'],
  },
  {
    ...post('', 'redeliver', deliveries.redeliverInput, delivery),
    path: '/admin/webhooks/deliveries/{id}/redeliver',
    ...forAdmins,
  },
];
