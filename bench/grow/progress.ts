const WIDTH = 40;

/** Draws a progress bar on a terminal; elsewhere one line per table. */
export function showProgress(table: string, share: number): void {
  const { stderr } = process;
  if (!stderr.isTTY && share < 1) return;
  const done = Math.round(share * WIDTH);
  const bar = `${'█'.repeat(done)}${'·'.repeat(WIDTH - done)}`;
  const percent = `${Math.round(share * 100)}`.padStart(3);
  stderr.write(`${stderr.isTTY ? '\r' : ''}  ${table.padEnd(13)} ${bar} ${percent} %`);
  if (share === 1) stderr.write('\n');
}
