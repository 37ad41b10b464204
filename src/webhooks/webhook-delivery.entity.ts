import { defineEntity, p } from '@mikro-orm/core';
import { Webhook } from './webhook.entity.ts';

/** `FAILED`: a dead letter, which was retried for three days. */
export const deliveryStatuses = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** A partial index of these columns. */
const partial = (name: string, columns: string, condition: string) => ({
  name,
  expression: `create index "${name}" on "webhook_deliveries" (${columns}) where ${condition}`,
});

const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  properties: {
    id: p.uuid().primary(),
    webhook: () => p.manyToOne(Webhook).ref(),
    /** Audit event that it is about. The message is made from it for each attempt. */
    eventId: p.uuid(),
    type: p.string().length(48),
    status: p.enum(deliveryStatuses).default('PENDING'),
    /** Number of claims. A worker knows its claim by this number. */
    attempts: p.integer().default(0),
    createdAt: p.datetime().defaultRaw('now()'),
    /** When it may be claimed: after a lease or a pause. All times are by PostgreSQL's clock. */
    dueAt: p.datetime().defaultRaw('now()'),
    retryUntil: p.datetime(),
    attemptedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    /** Codes of the last failure, such as `HTTP 500`; nothing that the receiver wrote. */
    lastError: p.string().length(64).nullable(),
  },
  uniques: [{ properties: ['webhook', 'eventId', 'type'] }],
  indexes: [
    { properties: ['webhook', 'status', 'eventId', 'type'] },
    partial('webhook_deliveries_waiting', 'webhook_id, due_at', "status = 'PENDING'"),
    partial('webhook_deliveries_oldest', 'webhook_id, created_at', "status = 'PENDING'"),
    partial('webhook_deliveries_ended', 'status, ended_at', "status <> 'PENDING'"),
  ],
});

/** One message for one webhook. It contains no personal data. */
export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery);
