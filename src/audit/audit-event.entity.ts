import { defineEntity, p } from '@mikro-orm/core';

const AuditEventSchema = defineEntity({
  name: 'AuditEvent',
  tableName: 'audit_events',
  properties: {
    /** UUIDv7 (RFC 9562): its time is `createdAt`. The table is partitioned by month of this time. */
    id: p.uuid().primary(),
    event: p.string().length(32),
    email: p.string().length(254),
    ipAddress: p.string().length(45),
    userAgent: p.string().length(512),
    metadata: p.json<Record<string, unknown>>(),
    createdAt: p.datetime(),
    /** Account of the address, if it had one. Null in rows of release 0.2. */
    accountId: p.uuid().nullable(),
    /** 16 random bytes by PostgreSQL. Null in rows from before the partitions. */
    salt: p.blob().nullable(),
  },
  // Ids sort by time, so one index serves a filter, the times and the order.
  indexes: [
    { properties: ['email', 'id'] },
    { properties: ['event', 'id'] },
    { properties: ['email', 'event', 'id'] },
    {
      name: 'audit_events_account',
      expression:
        'create index "audit_events_account" on "audit_events" (account_id, id, event) where account_id is not null',
    },
  ],
});

/** One row of the audit log. Rows are never changed. */
export class AuditEvent extends AuditEventSchema.class {}
AuditEventSchema.setClass(AuditEvent);
