import { defineEntity, p } from '@mikro-orm/core';

const AuditEventSchema = defineEntity({
  name: 'AuditEvent',
  tableName: 'audit_events',
  properties: {
    /** UUIDv7 (RFC 9562): its time is `createdAt`. */
    id: p.uuid().primary(),
    event: p.string().length(32),
    email: p.string().length(254),
    ipAddress: p.string().length(45),
    userAgent: p.string().length(512),
    metadata: p.json<Record<string, unknown>>(),
    createdAt: p.datetime(),
  },
  // Ids sort by time, so one index serves a filter, the times and the order.
  indexes: [
    { properties: ['email', 'id'] },
    { properties: ['event', 'id'] },
    { properties: ['email', 'event', 'id'] },
  ],
});

/** One row of the audit log. Rows are never changed. */
export class AuditEvent extends AuditEventSchema.class {}
AuditEventSchema.setClass(AuditEvent);
