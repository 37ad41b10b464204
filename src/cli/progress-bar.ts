import type { Writable } from 'node:stream';

const WIDTH = 40;

/** Draws the progress of a step on a terminal, from 0 to 1. Elsewhere it writes nothing. */
export function drawProgress(
  stream: Writable & { readonly isTTY?: boolean },
  step: string,
  share: number,
): void {
  if (!stream.isTTY) return;
  const done = Math.round(share * WIDTH);
  const bar = `${'█'.repeat(done)}${'·'.repeat(WIDTH - done)}`;
  const percent = `${Math.round(share * 100)}`.padStart(3);
  stream.write(`\r  ${step.padEnd(13)} ${bar} ${percent} %${share === 1 ? '\n' : ''}`);
}
