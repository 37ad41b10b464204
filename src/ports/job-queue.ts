export const outboxKinds = ['mail', 'audit'] as const;
export type OutboxKind = (typeof outboxKinds)[number];

export interface JobQueue {
  /**
   * Announces a new outbox entry to the workers. Never throws or waits: the sweep finds entries
   * whose announcement was lost.
   */
  announce(kind: OutboxKind, entryId: string): void;
}
