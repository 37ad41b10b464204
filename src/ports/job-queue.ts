export const outboxKinds = ['mail', 'audit'] as const;
export type OutboxKind = (typeof outboxKinds)[number];

export interface JobQueue {
  /** Announces an outbox entry to the workers. Never throws or waits: the sweep finds lost ones. */
  announce(kind: OutboxKind, entryId: string): void;
}
