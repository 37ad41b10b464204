import { Busy, type Turns } from '../ports.ts';

/** Milliseconds after which a turn has come too late. */
const MAX_WAIT = 2000;

/** Turns within this process: waiting costs a promise, and no connection of a pool. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(key, work) {
      const asked = performance.now();
      const turn = (last.get(key) ?? Promise.resolve()).then(() => {
        if (performance.now() - asked > MAX_WAIT) throw new Busy(1);
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
