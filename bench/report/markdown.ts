import { readFileSync, writeFileSync } from 'node:fs';
import type { OperationCounts } from '../counts/count-operations.ts';
import type { Measured } from '../measure/compare.ts';
import type { Row } from '../rows/row.ts';

/** Rows without a target come last. */
const placeOf = ({ target }: Row): number => Number(target) || Number.POSITIVE_INFINITY;

export const tableOf = (rows: readonly Row[]): string =>
  table(
    ['#', 'what', 'at least', 'aim', 'measured'],
    rows
      .toSorted((one, other) => placeOf(one) - placeOf(other))
      .map(({ target, title, atLeast, aim, figure, detail, met }) => [
        target,
        title,
        atLeast,
        aim,
        `${met ? '**' : ''}${figure ?? '–'}${met ? '**' : ''}${detail && ` (${detail})`}`,
      ]),
  );

/**
 * Joins CPU time with what was counted for single requests. The first time of an operation wins: the
 * rows with a target load the server longer than the block of all operations.
 */
export function costTableOf(
  costs: readonly Measured[],
  counts: readonly OperationCounts[],
): string {
  const cpu = new Map(costs.toReversed().map((each) => [each.name.replaceAll('`', ''), each.cpu]));
  return table(
    ['operation', 'CPU µs', 'statements', 'transactions', 'Redis round trips'],
    counts.map(({ name, statements, transactions, redisRoundTrips }) => [
      name,
      cpu.get(name)?.toFixed(0) ?? '',
      String(statements),
      String(transactions),
      String(redisRoundTrips),
    ]),
  );
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}

const markers = {
  begin: '<!-- Written by `npm run bench`. -->',
  end: '<!-- End of the bench. -->',
};

/** Replaces what is between the markers of a document. */
export function writeBetweenMarkers(path: string, text: string): void {
  const document = readFileSync(path, 'utf8');
  const [before = '', rest = ''] = document.split(markers.begin);
  const after = rest.split(markers.end)[1];
  if (after === undefined) throw new Error(`${path}: the markers of the bench are missing`);
  writeFileSync(path, `${before}${markers.begin}\n\n${text}\n\n${markers.end}${after}`);
}

/** Returns the figures of the committed table by target and title. */
export function committedFigures(path: string): ReadonlyMap<string, number> {
  const lines = readFileSync(path, 'utf8').matchAll(/^\| (\d+) \| (.+?) \| .* \| \**([\d.,]+)/gm);
  return new Map(
    [...lines].map(([, target, title, value]) => [
      `${target} ${title}`,
      Number(value?.replaceAll(',', '')),
    ]),
  );
}
