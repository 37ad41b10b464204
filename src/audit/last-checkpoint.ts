import type { Sql } from '../ports/sql.ts';
import { type Checkpoint, checkpointOf } from './seal.ts';
import { lastSeal } from './seal-statements.ts';

/** Returns the checkpoint of the newest seal. */
export async function lastCheckpoint(sql: Sql): Promise<Checkpoint | undefined> {
  const [seal] = await sql.query(lastSeal);
  return seal && checkpointOf({ ...seal, number: Number(seal.number) });
}
