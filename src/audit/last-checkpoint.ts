import type { Sql, Statement } from '../ports/sql.ts';
import { type Checkpoint, checkpointOf, type Seal } from './seal.ts';

const newestSeal: Statement<Pick<Seal, 'sealedAt' | 'digest'> & { number: string }> = {
  name: 'newest-checkpoint',
  text: `select number, sealed_at as "sealedAt", digest from audit_seals
    order by number desc limit 1`,
};

/** Returns the checkpoint of the newest seal. */
export async function lastCheckpoint(sql: Sql): Promise<Checkpoint | undefined> {
  const [seal] = await sql.query(newestSeal);
  return seal && checkpointOf({ ...seal, number: Number(seal.number) });
}
