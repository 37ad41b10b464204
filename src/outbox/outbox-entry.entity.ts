import { defineEntity, p } from '@mikro-orm/core';
import { outboxKinds } from '../ports.ts';

/** `DROPPED`: nobody wants it any more. `REFUSED` by the mail server. `GIVEN_UP` after many tries. */
export const outcomes = ['DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP'] as const;

const OutboxEntrySchema = defineEntity({
  name: 'OutboxEntry',
  tableName: 'outbox_entries',
  properties: {
    /** UUIDv7, so that the oldest come first. */
    id: p.uuid().primary(),
    kind: p.enum(outboxKinds),
    /** Mail: sealed. Audit: the event as JSON. Emptied once it is done, where nobody looks. */
    payload: p.text().nullable().hidden(),
    createdAt: p.datetime(),
    /**
     * When it may be taken (again): after a lease, or after the pause that follows a failure. By
     * PostgreSQL's clock, which all workers share.
     */
    dueAt: p.datetime().defaultRaw('now()'),
    attempts: p.integer().default(0),
    doneAt: p.datetime().nullable(),
    outcome: p.enum(outcomes).nullable(),
  },
  indexes: [
    {
      name: 'outbox_entries_waiting',
      expression: (columns, table, name) =>
        `create index "${name}" on "${table.name}" (${columns.kind}, ${columns.dueAt}) where done_at is null`,
    },
    {
      name: 'outbox_entries_handled',
      expression: (columns, table, name) =>
        `create index "${name}" on "${table.name}" (${columns.doneAt}) where ${columns.outcome} in ('DELIVERED', 'DROPPED')`,
    },
    {
      name: 'outbox_entries_failed',
      expression: (columns, table, name) =>
        `create index "${name}" on "${table.name}" (${columns.doneAt}) where ${columns.outcome} in ('REFUSED', 'GIVEN_UP')`,
    },
  ],
});

/** Something that must happen after the commit, exactly once in effect. */
export class OutboxEntry extends OutboxEntrySchema.class {}
OutboxEntrySchema.setClass(OutboxEntry);
