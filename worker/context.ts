import { createHttpsSender, resolveLocal, resolvePublic } from '#src/adapters/https-sender.ts';
import {
  createRefusedRecipients,
  type RefusedRecipients,
} from '#src/adapters/refused-recipients.ts';
import { batched } from '#src/concurrency/batched.ts';
import type { RenderMail } from '#src/mail/mail-renderer.ts';
import { claimEntries, renewEntries } from '#src/outbox/claim.ts';
import { type Completion, completeEntries } from '#src/outbox/complete.ts';
import type { Claim, ClaimedEntry } from '#src/outbox/outbox-statements.ts';
import type { Mailer } from '#src/ports/mail-order.ts';
import type { SendWebhook } from '#src/ports/webhook-sender.ts';
import type { Stores } from '#src/services.ts';
import { allowedAddresses } from '#src/webhooks/webhook-url.ts';

/** Seconds that sending one mail may take. After that, its connection is closed. */
export const LONGEST_SEND = 45;
/**
 * Lease of a claimed mail, in seconds. When it expires, another worker may send the mail. As long as
 * most failovers of PostgreSQL: a shorter lease would send more mails twice.
 */
export const LEASE = 25;

/** Services of the worker. */
export interface WorkerContext extends Stores {
  readonly mailer: Mailer;
  readonly refusedRecipients: RefusedRecipients;
  readonly renderMail: RenderMail;
  readonly sendWebhook: SendWebhook;
  /** Claims a mail, together with others that are claimed meanwhile. */
  readonly claimMail: (id: string) => Promise<ClaimedEntry | undefined>;
  /** Renews the lease of a claimed mail, together with others that are due. */
  readonly renewMail: (claim: Claim) => Promise<void>;
  /** Completes a mail, together with others that end meanwhile. */
  readonly completeMail: (completion: Completion) => Promise<void>;
}

/** Opens what sends messages to webhooks. */
function openSender({ config: { webhookAllowPrivate } }: Stores): SendWebhook {
  return createHttpsSender({
    isAllowed: allowedAddresses(webhookAllowPrivate),
    resolve: webhookAllowPrivate ? resolveLocal : resolvePublic,
  });
}

export function createWorkerContext(
  stores: Stores,
  mailer: Mailer,
  renderMail: RenderMail,
  sendWebhook: SendWebhook = openSender(stores),
): WorkerContext {
  const { sql, redis, addressKeys } = stores;
  const refusedRecipients = createRefusedRecipients(redis, addressKeys);
  const completeMail = batched<Completion, void>(async (completions) => {
    await completeEntries(sql, completions);
    return [];
  });
  const claimMail = batched((ids: readonly string[]) => claimEntries(sql, ids, 'mail', LEASE));
  const renewMail = batched<Claim, void>(async (claims) => {
    await renewEntries(sql, claims, LEASE);
    return [];
  });
  const senders = { mailer, refusedRecipients, renderMail, sendWebhook };
  return { ...stores, ...senders, claimMail, renewMail, completeMail };
}
