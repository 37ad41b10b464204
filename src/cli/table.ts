/** Prints rows of cells in columns, the first row being their titles. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** Such as `2026-11-22T20:15:00Z`. */
export function timeOf(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '');
}
