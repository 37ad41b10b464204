import { defineEntity, p } from '@mikro-orm/core';
import { outboxKinds } from '../ports/job-queue.ts';

/**
 * `DROPPED`: nobody wants it any more. `REFUSED` by the mail server for good. `GIVEN_UP`: it could
 * not be sent for as long as it was of use. `POISONED`: it cannot be read, or written into the log.
 */
export const outcomes = ['DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP', 'POISONED'] as const;
export type Outcome = (typeof outcomes)[number];

/** In SQL: what somebody may want to look at. */
export const failedOutcomes = "outcome in ('REFUSED', 'GIVEN_UP', 'POISONED')";
const handledOutcomes = "outcome in ('DELIVERED', 'DROPPED')";

const OutboxEntrySchema = defineEntity({
  name: 'OutboxEntry',
  tableName: 'outbox_entries',
  properties: {
    /** UUIDv7, so that the oldest come first. */
    id: p.uuid().primary(),
    kind: p.enum(outboxKinds),
    /** Mail: sealed. Audit: the event as JSON. Emptied once nobody can want it again. */
    payload: p.text().nullable().hidden(),
    createdAt: p.datetime(),
    /**
     * When it may be taken (again): after a lease, or after the pause that follows a failure. By
     * PostgreSQL's clock, which all workers share.
     */
    dueAt: p.datetime().defaultRaw('now()'),
    /** When a mail with a code is of no use any more, by the same clock. Null: it always is. */
    expiresAt: p.datetime().nullable(),
    /** How often it was taken. Who has taken it knows by this number whether it still has it. */
    attempts: p.integer().default(0),
    /** Codes of what went wrong last, such as `EENVELOPE 451`: no address and no secret. */
    lastError: p.string().length(64).nullable(),
    doneAt: p.datetime().nullable(),
    outcome: p.enum(outcomes).nullable(),
    /** A hash of what it records, where several processes may come to record it. */
    idempotencyKey: p.string().length(43).nullable(),
  },
  indexes: [
    {
      name: 'outbox_entries_idempotency_key',
      expression: (columns, table, name) =>
        `create unique index "${name}" on "${table.name}" (${columns.idempotencyKey}) where ${columns.idempotencyKey} is not null`,
    },
    {
      name: 'outbox_entries_waiting',
      expression: (columns, table, name) =>
        `create index "${name}" on "${table.name}" (${columns.kind}, ${columns.dueAt}) where done_at is null`,
    },
    {
      name: 'outbox_entries_handled',
      expression: (columns, table, name) =>
        `create index "${name}" on "${table.name}" (${columns.doneAt}) where ${handledOutcomes}`,
    },
    {
      name: 'outbox_entries_failed',
      expression: (columns, table, name) =>
        `create index "${name}" on "${table.name}" (${columns.doneAt}) where ${failedOutcomes}`,
    },
  ],
});

/** Something that must happen after the commit, exactly once in effect. */
export class OutboxEntry extends OutboxEntrySchema.class {}
OutboxEntrySchema.setClass(OutboxEntry);
