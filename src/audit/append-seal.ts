import type { AuditKey } from '../ports/audit-key.ts';
import type { Clock } from '../ports/clock.ts';
import type { InTransaction, Sql } from '../ports/sql.ts';
import { timeOf } from './id-range.ts';
import { contentDigest, NOTHING, type Seal, sealDigest } from './seal.ts';
import { insertSeal, lastSeal, lockSeals } from './seal-statements.ts';

/** Services that append to the chain. */
export interface ChainServices {
  readonly inTransaction: InTransaction;
  readonly clock: Clock;
  readonly auditKey: AuditKey;
}

/** The last seal is not one of this service. Another seal after it would vouch for it. */
export class BrokenChainError extends Error {
  override readonly name = 'BrokenChainError';
}

/** The content of a seal. */
export type SealContent = Pick<Seal, 'kind' | 'bound'> & {
  readonly ids: readonly string[];
  readonly digests: Buffer;
};

type Services = Pick<ChainServices, 'clock' | 'auditKey'>;

/**
 * Appends a seal to the chain, and the first one if there is none. Locks the chain until the commit.
 * @throws BrokenChainError
 */
export async function appendSeal(services: Services, tx: Sql, content: SealContent) {
  await tx.query(lockSeals);
  const last = await readLast(tx);
  if (last && services.auditKey.verify(last.digest, last) !== 'right') {
    throw new BrokenChainError(`The signature of seal ${last.number} is wrong or unknown.`);
  }
  const previous = last ?? (await insert(services, tx, undefined, startAt(services.clock.now())));
  await insert(services, tx, previous, content);
}

/** Starts the chain again after its last seal, whatever its signature is. */
export async function restartChain(services: ChainServices): Promise<void> {
  await services.inTransaction(async (tx) => {
    await tx.query(lockSeals);
    await insert(services, tx, await readLast(tx), startAt(services.clock.now()));
  });
}

const startAt = (bound: Date): SealContent => ({
  kind: 'START',
  bound,
  ids: [],
  digests: Buffer.alloc(0),
});

async function readLast(tx: Sql) {
  const [last] = await tx.query(lastSeal);
  return last && { ...last, number: Number(last.number) };
}

async function insert(
  { clock, auditKey }: Services,
  tx: Sql,
  previous: Pick<Seal, 'number' | 'digest'> | undefined,
  { kind, bound, ids, digests }: SealContent,
) {
  const number = (previous?.number ?? 0) + 1;
  const newest = ids.length > 0 ? new Date(Math.max(...ids.map(timeOf))) : null;
  const content = contentDigest(ids, digests);
  const sealedAt = clock.now();
  const header = { number, kind, sealedAt, bound, newest, content };
  const digest = sealDigest(previous?.digest ?? NOTHING, header);
  const { keyId, signature } = auditKey.sign(digest);
  const lists = [ids, digests, content, digest];
  await tx.query(insertSeal, [number, kind, sealedAt, bound, newest, ...lists, keyId, signature]);
  return { number, digest };
}
