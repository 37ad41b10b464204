import type { Sql } from '../ports/sql.ts';
import { NOTHING, type Seal } from './seal.ts';
import { findSeal } from './seal-statements.ts';

/** Place in the chain from which it is checked. */
export interface ChainStart {
  /** The seal before the first one. */
  readonly previous: Pick<Seal, 'number' | 'digest'>;
  /** Rows with ids from before this time, in Unix milliseconds, may be outside the chain. */
  readonly time: number;
}

/** @param since number or time of a seal */
export async function readStart(tx: Sql, since: number | Date): Promise<ChainStart> {
  const whole = { previous: { number: 0, digest: NOTHING }, time: 0 };
  const values = since instanceof Date ? [1, since] : [since, new Date(0)];
  const [found] = since === 1 ? [] : await tx.query(findSeal, values);
  if (!found) return whole;
  const { number, previous, start } = found;
  return {
    previous: { number: Number(number) - 1, digest: previous ?? NOTHING },
    time: start?.getTime() ?? 0,
  };
}
