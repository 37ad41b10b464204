import { appendSeal, type ChainServices } from './append-seal.ts';
import { rowDigest } from './row-digest.ts';
import { listUnsealed, readCanonicalRows, removeUnsealed } from './seal-statements.ts';

/**
 * Seals committed rows that are not sealed yet, `size` at most. Ids may arrive late, so a seal lists
 * its rows and does not depend on their order. @returns the number of rows
 */
export function sealEvents(services: ChainServices, size: number): Promise<number> {
  return services.inTransaction(async (tx) => {
    const unsealed = (await tx.query(listUnsealed, [size])).map(({ id }) => id);
    if (unsealed.length === 0) return 0;
    // Another process may seal them first, so the rows are removed before they are read.
    const taken = (await tx.query(removeUnsealed, [unsealed])).map(({ id }) => id);
    const rows = await tx.query(readCanonicalRows, [taken]);
    if (rows.length > 0) {
      const ids = rows.map(({ id }) => id);
      const digests = Buffer.concat(rows.map(rowDigest));
      await appendSeal(services, tx, { kind: 'EVENTS', bound: null, ids, digests });
    }
    return unsealed.length;
  });
}
