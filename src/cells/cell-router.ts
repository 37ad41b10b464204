import { createHmac } from 'node:crypto';
import { mailboxOf } from '../ports/mailbox-of.ts';
import { BUCKETS, ownersOf } from './bucket-owners.ts';
import { type CellMap, cellMap } from './cell-map.ts';

/** Finds the cell of an address or of a token. */
export interface CellRouter {
  /**
   * Returns the bucket of an address as a user types it. All spellings of a mailbox have one bucket,
   * so one cell counts the limits of the mailbox. Registered and unknown addresses look alike.
   */
  bucketOf(address: string): number;
  /** Returns the cell of a bucket, which is also a claim of tokens. @throws RangeError if there is none */
  cellOf(bucket: number): string;
}

/**
 * Creates a router for a map of cells.
 *
 * @param key 32 bytes that never change, because they decide where accounts are. They are no
 *   `SECRET_KEY`, which is rotated
 * @throws z.ZodError if the map has errors
 */
export function createCellRouter(map: CellMap, key: Buffer): CellRouter {
  if (key.length !== 32)
    throw new RangeError(`the key of the cells has ${key.length} bytes, not 32`);
  const { cells, joining } = cellMap.parse(map);
  const owners = [...ownersOf(cells)];
  for (const bucket of joining?.moved ?? []) owners[bucket] = joining?.name ?? '';
  return {
    bucketOf(address) {
      const mailbox = mailboxOf(address.trim().toLowerCase());
      return createHmac('sha256', key).update(mailbox).digest().readUInt32BE() % BUCKETS;
    },
    cellOf(bucket) {
      const cell = owners[bucket];
      if (!cell) throw new RangeError(`${bucket} is no bucket: expected 0 to ${BUCKETS - 1}`);
      return cell;
    },
  };
}
