import type { PasskeyResult } from '../../client/src/passkeys.ts';
import type { GatehouseError, Result } from '../../client/src/result.ts';

type Proof = Extract<GatehouseError, { code: 'STEP_UP_REQUIRED' }>['proofs'][number];

/** A step-up that an operation waits for. */
export interface PendingStepUp {
  readonly proofs: readonly Proof[];
  /** Continues the operation, or gives up. */
  finish(isConfirmed: boolean): void;
}

let pending: PendingStepUp | undefined;
const listeners = new Set<() => void>();

function setPending(next: PendingStepUp | undefined): void {
  pending = next;
  for (const listener of listeners) listener();
}

export const pendingStepUp = (): PendingStepUp | undefined => pending;

export function onPendingStepUp(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Runs an operation. If it requires a step-up, asks for one and runs the operation again. */
export async function withStepUp<Outcome extends Result<unknown> | PasskeyResult<unknown>>(
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const result = await run();
  if (result.error?.code !== 'STEP_UP_REQUIRED') return result;
  const { proofs } = result.error;
  const isConfirmed = await new Promise<boolean>((resolve) =>
    setPending({ proofs, finish: resolve }),
  );
  setPending(undefined);
  return isConfirmed ? run() : result;
}
