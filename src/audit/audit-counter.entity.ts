import { defineEntity, p } from '@mikro-orm/core';

const AuditCounterSchema = defineEntity({
  name: 'AuditCounter',
  tableName: 'audit_counters',
  properties: {
    email: p.string().length(254).primary(),
    /** The start of the hour. */
    hour: p.datetime().primary(),
    /** Failures of unknown clients in this hour, those with rows of their own included. */
    failures: p.integer(),
    /** How many of each event have no row of their own. */
    events: p.json<Record<string, number>>(),
    /** Their most frequent clients, by IP prefix. */
    clients: p.json<Record<string, number>>(),
  },
  indexes: [{ properties: ['hour'] }],
});

/** Failures of unknown clients about one address, until the hour is over. */
export class AuditCounter extends AuditCounterSchema.class {}
AuditCounterSchema.setClass(AuditCounter);
