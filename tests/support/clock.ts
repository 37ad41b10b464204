import type { Clock } from '#src/ports/clock.ts';

/** A clock that a test moves: real time plus what was added. */
export interface TestClock extends Clock {
  advance(by: { seconds: number }): void;
}

export function createClock(): TestClock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance({ seconds }) {
      ahead += seconds * 1000;
    },
  };
}
