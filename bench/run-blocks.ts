import type { OperationCounts } from './counts/count-operations.ts';
import type { Measured } from './measure/compare.ts';
import type { Block, BlockOptions } from './rows/block.ts';
import type { Row } from './rows/row.ts';
import type { Lab } from './setup/lab.ts';

/** Everything that a run has measured. */
export interface Findings {
  readonly rows: Row[];
  readonly costs: Measured[];
  readonly counts: OperationCounts[];
}

export async function runBlocks(
  lab: Lab,
  blocks: Readonly<Record<string, Block>>,
  options: BlockOptions,
): Promise<Findings> {
  const findings: Findings = { rows: [], costs: [], counts: [] };
  for (const [name, block] of Object.entries(blocks)) {
    options.say(`${name}:`);
    const { rows, costs = [], counts = [] } = await block(lab, options);
    findings.rows.push(...rows);
    findings.costs.push(...costs);
    findings.counts.push(...counts);
  }
  return findings;
}
