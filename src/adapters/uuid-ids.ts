import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import type { NewId } from '../ports/clock.ts';

/**
 * Creates UUIDv7 (RFC 9562 §6.2). Within one process, ids of the same millisecond sort by creation.
 */
export function createIds(): NewId {
  let latest = 0;
  let sequence = 0;
  return (at) => {
    const msecs = at.getTime();
    sequence = msecs === latest ? sequence + 1 : randomInt(2 ** 30);
    latest = msecs;
    return v7({ msecs, seq: sequence });
  };
}
