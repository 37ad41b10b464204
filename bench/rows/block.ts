import type { CompareOptions, Measured } from '../measure/compare.ts';
import type { Lab } from '../setup/lab.ts';
import type { Row } from './row.ts';

/** Targets that are measured together. */
export type Block = (
  lab: Lab,
  options: CompareOptions,
) => Promise<{
  readonly rows: readonly Row[];
  /** Operations whose CPU time was measured. */
  readonly costs?: readonly Measured[];
}>;
