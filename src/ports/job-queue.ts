export const outboxKinds = ['mail', 'audit'] as const;
export type OutboxKind = (typeof outboxKinds)[number];

/** Tells the workers about a new outbox entry. Losing the message only costs time. */
export interface JobQueue {
  /** Never throws and never waits: the sweep finds what was not announced. */
  announce(kind: OutboxKind, entryId: string): void;
}
