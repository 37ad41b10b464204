import { defineEntity, p } from '@mikro-orm/core';

const WebhookSchema = defineEntity({
  name: 'Webhook',
  tableName: 'webhooks',
  properties: {
    id: p.uuid().primary(),
    url: p.string().length(2000),
    description: p.string().length(200),
    /** Types of the messages that it gets. */
    events: p.array(),
    /** Encrypted with a label that contains the id. Null after the deletion. */
    sealedSecret: p.text().nullable().hidden(),
    /** Signs too, until `previousUntil`, by PostgreSQL's clock. */
    sealedPreviousSecret: p.text().nullable().hidden(),
    previousUntil: p.datetime().nullable(),
    createdAt: p.datetime(),
    /** First failure since the last success. */
    failingSince: p.datetime().nullable(),
    disabledAt: p.datetime().nullable(),
    /** A worker deletes the row after its deliveries. */
    deletedAt: p.datetime().nullable(),
  },
});

/** An endpoint that gets events by HTTP (Standard Webhooks). */
export class Webhook extends WebhookSchema.class {}
WebhookSchema.setClass(Webhook);
