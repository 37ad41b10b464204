import type { Claim } from '#src/outbox/outbox-statements.ts';
import { LONGEST_SEND, type WorkerContext } from './context.ts';
import { logErrors } from './loops.ts';

/** Milliseconds between two renewals. */
const RENEWAL = 5000;
/** Renewals after which a mail goes to another worker: sending takes no longer. */
const MAX_RENEWALS = (LONGEST_SEND * 1000) / RENEWAL;

/** Renews the lease of a claimed mail while `work` runs. A claim that was lost stays lost. */
export async function keepLease<T>(
  worker: WorkerContext,
  claim: Claim,
  work: () => Promise<T>,
): Promise<T> {
  let renewal: Promise<void> | undefined;
  let renewals = 0;
  const timer = setInterval(() => {
    renewals += 1;
    if (renewals > MAX_RENEWALS) clearInterval(timer);
    else renewal = logErrors(worker.log, () => worker.renewMail(claim));
  }, RENEWAL);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // A renewal that comes after the end would delay the next attempt.
    await renewal;
  }
}
