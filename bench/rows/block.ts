import type { OperationCounts } from '../counts/count-operations.ts';
import type { CompareOptions, Measured } from '../measure/compare.ts';
import type { Lab } from '../setup/lab.ts';
import type { Row } from './row.ts';

export interface BlockOptions extends CompareOptions {
  /** Length of the load under which memory is watched. */
  readonly minutes: number;
}

/** Targets that are measured together. */
export type Block = (
  lab: Lab,
  options: BlockOptions,
) => Promise<{
  readonly rows: readonly Row[];
  /** All contenders. */
  readonly costs?: readonly Measured[];
  /** Operations whose use of the stores was counted. */
  readonly counts?: readonly OperationCounts[];
}>;
