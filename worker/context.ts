import { batched } from '#src/concurrency/batched.ts';
import type { RenderMail } from '#src/mail/mail-renderer.ts';
import { claimEntries } from '#src/outbox/claim.ts';
import { type Completion, completeEntries } from '#src/outbox/complete.ts';
import type { ClaimedEntry } from '#src/outbox/outbox-statements.ts';
import type { Mailer } from '#src/ports/mail-order.ts';
import type { Stores } from '#src/services.ts';

/** Seconds that sending one mail may take. After that, its connection is closed. */
export const LONGEST_SEND = 45;
/**
 * Lease of a claimed mail, in seconds. Longer than the sending time, so that no other worker sends
 * the mail.
 */
export const LEASE = LONGEST_SEND + 15;

/** Services of the worker. */
export interface WorkerContext extends Stores {
  readonly mailer: Mailer;
  readonly renderMail: RenderMail;
  /** Claims a mail, together with others that are claimed meanwhile. */
  readonly claimMail: (id: string) => Promise<ClaimedEntry | undefined>;
  /** Completes a mail, together with others that end meanwhile. */
  readonly completeMail: (completion: Completion) => Promise<void>;
}

export function createWorkerContext(
  stores: Stores,
  mailer: Mailer,
  renderMail: RenderMail,
): WorkerContext {
  const { sql } = stores;
  const completeMail = batched<Completion, void>(async (completions) => {
    await completeEntries(sql, completions);
    return [];
  });
  const claimMail = batched((ids: readonly string[]) => claimEntries(sql, ids, 'mail', LEASE));
  return { ...stores, mailer, renderMail, claimMail, completeMail };
}
