import { defineEntity, p } from '@mikro-orm/core';

const AuditCounterSchema = defineEntity({
  name: 'AuditCounter',
  tableName: 'audit_counters',
  properties: {
    email: p.string().length(254).primary(),
    /** The start of the hour. */
    hour: p.datetime().primary(),
    /** Failures of unknown clients in this hour, including those with their own rows. */
    failures: p.integer(),
    /** Number of failures without their own row, by event. */
    events: p.json<Record<string, number>>(),
    /** Most frequent clients of these failures, by IP prefix. */
    clients: p.json<Record<string, number>>(),
  },
  indexes: [{ properties: ['hour'] }],
});

/** Failures of unknown clients for one address in one hour. Becomes an audit row after the hour. */
export class AuditCounter extends AuditCounterSchema.class {}
AuditCounterSchema.setClass(AuditCounter);
