import { defineEntity, p } from '@mikro-orm/core';
import { outboxKinds } from '../ports/job-queue.ts';

/**
 * `DROPPED`: no longer needed. `REFUSED`: the mail server rejected it permanently. `GIVEN_UP`: expired
 * before it could be sent. `POISONED`: a dead letter, which cannot be read or written.
 */
export const outcomes = ['DELIVERED', 'DROPPED', 'REFUSED', 'GIVEN_UP', 'POISONED'] as const;
export type Outcome = (typeof outcomes)[number];

/** Returns the name of an outcome for operators. */
export const outcomeName = (outcome: Outcome): string =>
  outcome === 'POISONED' ? 'DEAD_LETTER' : outcome;

/** SQL conditions: the outcome needs an operator's attention, or does not. */
export const failedOutcomes = "outcome in ('REFUSED', 'GIVEN_UP', 'POISONED')";
export const handledOutcomes = "outcome in ('DELIVERED', 'DROPPED')";

/** A partial index: of these columns, under this condition. */
const partial = (name: string, columns: string, condition: string, kind = 'index') => ({
  name,
  expression: `create ${kind} "${name}" on "outbox_entries" (${columns}) where ${condition}`,
});

const OutboxEntrySchema = defineEntity({
  name: 'OutboxEntry',
  tableName: 'outbox_entries',
  properties: {
    /** UUIDv7, so that ids sort by age. */
    id: p.uuid().primary(),
    kind: p.enum(outboxKinds),
    /** Encrypted mail, or audit event as JSON. Erased when it is no longer needed. */
    payload: p.text().nullable().hidden(),
    createdAt: p.datetime(),
    /** When it may be claimed, by PostgreSQL's clock: after a lease or a pause. */
    dueAt: p.datetime().defaultRaw('now()'),
    /** When a mail with a code becomes useless, by PostgreSQL's clock. */
    expiresAt: p.datetime().nullable(),
    /** Number of claims. A worker knows its claim by this number. */
    attempts: p.integer().default(0),
    /** Codes of the last failure, such as `EENVELOPE 451`; no address and no secret. */
    lastError: p.string().length(64).nullable(),
    doneAt: p.datetime().nullable(),
    outcome: p.enum(outcomes).nullable(),
    /** Hash of what it records, if several processes may record it. */
    idempotencyKey: p.string().length(43).nullable(),
    /** Id of the HTTP request, and `traceparent` of the span, that enqueued it. */
    requestId: p.string().length(64).nullable(),
    traceparent: p.string().length(55).nullable(),
  },
  indexes: [
    partial(
      'outbox_entries_idempotency_key',
      'idempotency_key',
      'idempotency_key is not null',
      'unique index',
    ),
    partial('outbox_entries_waiting', 'kind, due_at', 'done_at is null'),
    partial('outbox_entries_handled', 'done_at', handledOutcomes),
    partial('outbox_entries_failed', 'done_at', failedOutcomes),
  ],
});

/** Work to do after the commit, exactly once in effect. */
export class OutboxEntry extends OutboxEntrySchema.class {}
OutboxEntrySchema.setClass(OutboxEntry);
