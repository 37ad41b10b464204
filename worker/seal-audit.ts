import { BrokenChainError } from '#src/audit/append-seal.ts';
import { sealEvents } from '#src/audit/seal-events.ts';
import type { WorkerContext } from './context.ts';
import { inSteps } from './loops.ts';
import { witnessAudit } from './witness-audit.ts';

/** Rows of a seal, at most. */
const STEP = 1000;

const copyToFile = witnessAudit('file');

/** Seals the new rows of the audit log. Seals nothing behind a seal that is not one of ours. */
export async function sealAudit(worker: WorkerContext, signal: AbortSignal): Promise<void> {
  try {
    const rows = await inSteps(STEP, (size) => sealEvents(worker, size), signal);
    if (rows > 0) await copyToFile(worker);
  } catch (error) {
    if (!(error instanceof BrokenChainError)) throw error;
    worker.log.error(
      { event: 'audit-chain-broken', reason: error.message },
      'The audit log is not sealed any more. Run `npx gatehouse audit verify`.',
    );
  }
}
