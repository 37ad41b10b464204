import { setTimeout as pause } from 'node:timers/promises';
import type { SqlAccess } from './administrator.ts';
import { countWaiting } from './state.ts';

/**
 * Milliseconds in which the outbox has to become empty without anybody's help: what has failed often
 * is tried again after minutes.
 */
const SETTLED_WITHIN = 400_000;

/** Waits until no entry and no message waits, which nobody helps along. */
export async function settle(administrator: SqlAccess, say: (line: string) => void): Promise<void> {
  const began = Date.now();
  // The pauses between attempts at a webhook grow to hours. A lease is no pause.
  await administrator.sql(
    "update webhook_deliveries set due_at = now() where due_at > now() + interval '30 s'",
  );
  for (let told = 0; Date.now() - began < SETTLED_WITHIN; ) {
    const waiting = await countWaiting(administrator);
    if (waiting === 0) return;
    if (waiting !== told) say(`${waiting} entries of the outbox, and messages to webhooks, wait`);
    told = waiting;
    await pause(1000);
  }
}
