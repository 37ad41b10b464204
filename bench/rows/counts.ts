import { countOperation, type OperationCounts } from '../counts/count-operations.ts';
import { startCountedServer } from '../counts/counted-server.ts';
import { operations } from '../operations/operations.ts';
import type { Block } from './block.ts';
import type { Row } from './row.ts';

interface Bound {
  readonly statements: number;
  readonly transactions: number;
  readonly redisRoundTrips: number;
}

const bound = (statements: number, transactions: number, redisRoundTrips: number): Bound => ({
  ...{ statements, transactions, redisRoundTrips },
});

/**
 * Bounds of row 14. `verifyOtp` may use Redis once more after its response.
 * `tests/counted-costs.test.ts` has the exact costs.
 */
const bounds: Readonly<Record<string, Bound>> = {
  me: bound(1, 0, 0),
  requestOtp: bound(2, 1, 2),
  verifyOtp: bound(4, 1, 3),
  refreshTokens: bound(4, 1, 0),
};

/** Row 14: what each operation sends to the stores. */
export const counts: Block = async (lab, { say }) => {
  const server = await startCountedServer(lab);
  const counted: OperationCounts[] = [];
  for (const operation of operations(lab)) {
    const counts = await countOperation(server, operation);
    counted.push(counts);
    const { name, statements, transactions, redisRoundTrips } = counts;
    say(
      `  ${name.padEnd(26)} ${statements} statements, ${transactions} transactions, ` +
        `${redisRoundTrips} Redis round trips`,
    );
  }
  await server.close();
  return { rows: counted.flatMap(rowOf), counts: counted };
};

function rowOf(counts: OperationCounts): Row[] {
  const { name, ...counted } = counts;
  const most = bounds[name];
  if (!most) return [];
  const met =
    counted.statements <= most.statements &&
    counted.transactions <= most.transactions &&
    counted.redisRoundTrips <= most.redisRoundTrips;
  const shown = (each: Bound) =>
    `${each.statements}, ${each.transactions}, ${each.redisRoundTrips}`;
  const title = `\`${name}\`: statements, transactions, Redis round trips`;
  return [
    { target: '14', title, atLeast: shown(most), aim: '', figure: shown(counted), detail: '', met },
  ];
}
