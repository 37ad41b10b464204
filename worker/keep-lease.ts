import type { Claim } from '#src/outbox/outbox-statements.ts';
import type { WorkerContext } from './context.ts';
import { logErrors } from './loops.ts';

/** Milliseconds between two renewals. */
const RENEWAL = 5000;

/** Renews the lease of a claimed mail while `work` runs. A claim that was lost stays lost. */
export async function keepLease<T>(
  worker: WorkerContext,
  claim: Claim,
  work: () => Promise<T>,
): Promise<T> {
  let renewal: Promise<void> | undefined;
  const timer = setInterval(() => {
    renewal = logErrors(worker.log, () => worker.renewMail(claim));
  }, RENEWAL);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // A renewal that comes after the end would delay the next attempt.
    await renewal;
  }
}
