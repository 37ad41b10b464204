import { countOperation, type OperationCounts } from '../counts/count-operations.ts';
import { startCountedServer } from '../counts/counted-server.ts';
import { operations } from '../operations/operations.ts';
import type { Block } from './block.ts';
import type { Row } from './row.ts';

/** Bounds of row 14: SQL statements or transactions, and Redis round trips. */
const bounds: Readonly<Record<string, (counts: OperationCounts) => boolean>> = {
  me: ({ statements, redisRoundTrips }) => statements <= 1 && redisRoundTrips === 0,
  requestOtp: ({ transactions, redisRoundTrips }) => transactions <= 1 && redisRoundTrips <= 2,
  verifyOtp: ({ transactions, redisRoundTrips, statements }) =>
    transactions <= 1 && redisRoundTrips <= 2 && statements <= 4,
  refreshTokens: ({ transactions, redisRoundTrips }) => transactions <= 1 && redisRoundTrips === 0,
};

/** Row 14: what each operation sends to the stores. */
export const counts: Block = async (lab, { say }) => {
  const server = await startCountedServer(lab);
  const counted: OperationCounts[] = [];
  for (const operation of operations(lab)) {
    const counts = await countOperation(lab, server, operation);
    counted.push(counts);
    const { name, statements, transactions, redisRoundTrips, laterRoundTrips } = counts;
    say(
      `  ${name.padEnd(26)} ${statements} statements, ${transactions} transactions, ` +
        `${redisRoundTrips} + ${laterRoundTrips} Redis round trips`,
    );
  }
  await server.close();
  return { rows: counted.flatMap(rowOf), counts: counted };
};

function rowOf(counts: OperationCounts): Row[] {
  const { name, statements, transactions, redisRoundTrips } = counts;
  const isWithin = bounds[name];
  if (!isWithin) return [];
  const shown = `${statements} statements, ${transactions} transactions, ${redisRoundTrips} Redis round trips`;
  return [
    {
      ...{ target: '14', title: `cost of \`${name}\``, atLeast: 'as said', aim: 'fewer' },
      ...{ figure: shown, detail: '', met: isWithin(counts) },
    },
  ];
}
