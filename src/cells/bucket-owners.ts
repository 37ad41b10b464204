import { createHash } from 'node:crypto';

/** Number of buckets. It never changes: tokens name buckets. */
export const BUCKETS = 4096;

/**
 * Returns the cell of each bucket, by rendezvous hashing: of all cells, the one with the highest hash
 * of its name and the bucket. The order of the cells does not matter, and a further cell takes buckets
 * for itself only.
 */
export function ownersOf(cells: readonly string[]): readonly string[] {
  return Array.from({ length: BUCKETS }, (_, bucket) =>
    cells.reduce((best, cell) => (scoreOf(cell, bucket) > scoreOf(best, bucket) ? cell : best)),
  );
}

/** Hexadecimal, so that texts sort like numbers. */
const scoreOf = (cell: string, bucket: number): string =>
  createHash('sha256').update(`${cell} ${bucket}`).digest('hex');
