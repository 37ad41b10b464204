import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import type { NewId } from '../ports/clock.ts';

/** UUIDv7 (RFC 9562 §6.2): those of one process and one millisecond are in the order of making. */
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
