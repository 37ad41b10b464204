import { z } from 'zod';
import { identifier } from '../administration/user-inputs.ts';
import { deliveryStatuses } from './webhook-delivery.entity.ts';
import { webhookId } from './webhook-inputs.ts';

export { deliveryStatuses };

export const redeliverInput = z
  .object({
    id: identifier.meta({
      description: 'The `id` of the delivery.',
      examples: ['5f0c2f6e-9d31-4c67-8f43-2e1a6b8c9d50'],
    }),
  })
  .meta({ id: 'RedeliverInput', description: 'The delivery to repeat.' });

const pageSize = { error: 'Must be from 1 to 100.' };

export const deliveryFilter = z
  .object({
    status: z
      .enum(deliveryStatuses)
      .nullish()
      .meta({ description: 'Only deliveries with this status.', examples: [deliveryStatuses[0]] }),
  })
  .meta({ id: 'WebhookDeliveryFilter', description: 'Filter for the list of deliveries.' });

export const deliveriesArguments = z.object({
  webhookId,
  ...deliveryFilter.shape,
  first: z
    .int()
    .min(1, pageSize)
    .max(100, pageSize)
    .nullish()
    .meta({
      description: 'Returns this many deliveries: at most 100, 20 by default.',
      examples: [20],
    }),
  after: z.string().nullish().meta({ description: 'Only deliveries after this cursor.' }),
});

export type DeliveriesArguments = z.infer<typeof deliveriesArguments>;
