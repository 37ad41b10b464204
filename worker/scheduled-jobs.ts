import { deleteRetiredKeys, rotateDueKey } from '#src/signing-keys/rotate-keys.ts';
import { deleteOlder } from './clean-up.ts';
import type { WorkerContext } from './context.ts';
import { writeCounters } from './write-counters.ts';

/** Something that the workers do again and again, one of them at a time. */
export interface ScheduledItem {
  /** Of its row in PostgreSQL, at most 64 characters. Another name is another item. */
  readonly name: string;
  /** Seconds from one end to the next start. */
  readonly every: number;
  /** Seconds after which a worker that has died with it, or failed, loses it to another. */
  readonly lease: number;
  /**
   * Does it, or goes on with it. Safe to be done twice, even at once: a worker may be slower than
   * its lease.
   *
   * @param signal when to stop between two steps; the work is then due again at once
   */
  run(worker: WorkerContext, signal: AbortSignal): Promise<void>;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** All scheduled work. What is deleted, and when, is also in docs/reference/retention.md. */
export const schedule: readonly ScheduledItem[] = [
  {
    name: 'delete-ended-sessions',
    every: HOUR,
    lease: MINUTE,
    // least() passes over null. Until then a session makes its client known to the address.
    run: deleteOlder({ table: 'sessions', since: 'least(ended_at, idle_expires_at)', days: 30 }),
  },
  {
    name: 'delete-unproven-accounts',
    every: HOUR,
    lease: MINUTE,
    run: deleteOlder({
      table: 'accounts',
      where: 'email_verified_at is null',
      since: 'created_at',
      // A code that was mailed on the last day lives an hour at most.
      days: 7 + 1 / 24,
    }),
  },
  {
    name: 'delete-handled-outbox-entries',
    every: HOUR,
    lease: MINUTE,
    run: deleteOlder({
      table: 'outbox_entries',
      where: "outcome in ('DELIVERED', 'DROPPED')",
      since: 'done_at',
      days: 1,
    }),
  },
  {
    name: 'delete-failed-outbox-entries',
    every: HOUR,
    lease: MINUTE,
    run: deleteOlder({
      table: 'outbox_entries',
      // An audit event that cannot be written stays until somebody has looked at it.
      where: "outcome in ('REFUSED', 'GIVEN_UP', 'POISONED') and kind = 'mail'",
      since: 'done_at',
      days: 30,
    }),
  },
  {
    name: 'delete-redeemed-challenges',
    every: HOUR,
    lease: MINUTE,
    // A code lives an hour at most.
    run: deleteOlder({ table: 'redeemed_challenges', since: 'redeemed_at', days: 1 }),
  },
  {
    name: 'write-counted-failures',
    every: MINUTE,
    lease: MINUTE,
    run: writeCounters,
  },
  {
    name: 'rotate-signing-key',
    every: HOUR,
    lease: MINUTE,
    async run({ orm, keySealer, clock, config, log }) {
      const kid = await rotateDueKey(orm.em.fork(), keySealer, clock, config);
      if (kid) log.info({ kid }, 'another key will sign');
    },
  },
  {
    name: 'delete-retired-keys',
    every: HOUR,
    lease: MINUTE,
    run: ({ orm, clock }) => deleteRetiredKeys(orm.em.fork(), clock),
  },
];
