import { OverloadedError } from '../errors/overloaded.ts';
import type { KeyedMutex } from '../ports/keyed-work.ts';

/** Milliseconds after which a turn has come too late. */
const MAX_WAIT = 2000;

/** Serialises work within this process: waiting costs a promise, and no connection of a pool. */
export function createKeyedMutex(): KeyedMutex {
  const last = new Map<string, Promise<unknown>>();
  return {
    run(key, work) {
      const asked = performance.now();
      const turn = (last.get(key) ?? Promise.resolve()).then(() => {
        if (performance.now() - asked > MAX_WAIT) throw new OverloadedError(1);
        return work();
      });
      const over = turn
        .catch(() => undefined)
        .then(() => {
          if (last.get(key) === over) last.delete(key);
        });
      last.set(key, over);
      return turn;
    },
  };
}
